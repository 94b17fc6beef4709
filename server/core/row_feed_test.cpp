#include "server/core/row_feed.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "db/testing/query_value.hpp"
#include "server/core/testing/feed_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich {
namespace {

using immich::testing::FeedRig;
using immich::testing::InsertAsset;
using immich::testing::InsertUser;
using immich::testing::QueryNumber;
using immich::testing::WithFeed;

/// Keeps what it is told.
struct Told : RowFeed::Follower {
  explicit Told(std::shared_ptr<RowFeed> followed) : feed(std::move(followed)) { feed->Add(*this); }
  ~Told() override { feed->Remove(*this); }
  void OnChange(const Uuid& row) override { rows.push_back(row.ToString()); }
  void OnAnyChange() override { rows.emplace_back("any"); }
  std::shared_ptr<RowFeed> feed;
  std::vector<std::string> rows;
};

using Rows = std::vector<std::string>;

/// What is told of a change that another process makes.
Task<Rows> AfterChange(FeedRig& rig, std::string sql) {
  Told told(rig.feed);
  co_await rig.elsewhere.RunScript(std::move(sql));
  co_await rig.feed->CatchUp();
  co_return told.rows;
}

TEST(RowFeedTest, TellsOfChangesThatMatterAndNoOthers) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    const std::string user_id = user.ToString(), other = (co_await InsertUser(rig.db, "b@example.com")).ToString();
    const std::string asset = (co_await InsertAsset(rig.db, {.owner = user})).ToString();
    const std::string row = Uuid::Random().ToString(), key = Uuid::Random().ToString();
    const std::vector<std::pair<std::string, Rows>> changes = {
        // What happens all the time.
        {fmt::format(R"(INSERT INTO session (id, token, "userId") VALUES ('{}', '\x01', '{}'))", row, user_id), {}},
        {R"(UPDATE session SET "updatedAt" = now(), "deviceOS" = 'x', "isPendingSyncReset" = true)", {}},
        {fmt::format(R"(INSERT INTO api_key (id, name, key, "userId", permissions)
                        VALUES ('{}', 'k', '\x02', '{}', '{{all}}'))",
                     key, user_id),
         {}},
        {"UPDATE api_key SET name = 'renamed'", {}},
        {fmt::format(R"(UPDATE "user" SET "quotaUsageInBytes" = 7, password = 'x' WHERE id = '{}')", user_id), {}},
        {fmt::format(R"(INSERT INTO asset_file ("assetId", type, path) VALUES ('{}', 'thumbnail', '/t'))", asset), {}},
        {R"(INSERT INTO asset_file ("assetId", type, path) SELECT "assetId", type, path FROM asset_file
            ON CONFLICT ("assetId", type, "isEdited") DO UPDATE SET path = excluded.path, "isProgressive" = true)",
         {}},
        {R"(UPDATE asset SET "isFavorite" = true, "fileCreatedAt" = now(), "deletedAt" = now(), status = 'trashed')",
         {}},
        // What a fact is made of.
        {R"(UPDATE session SET "pinExpiresAt" = now())", {row}},
        {R"(UPDATE session SET "expiresAt" = now() + interval '1 day')", {row}},
        {R"(UPDATE session SET "appVersion" = '3.2')", {row}},
        {R"(UPDATE session SET token = '\x03')", {row}},
        {fmt::format(R"(UPDATE session SET "userId" = '{}')", other), {row}},
        {"DELETE FROM session", {row}},
        {"UPDATE api_key SET permissions = '{asset.read}'", {key}},
        {"DELETE FROM api_key", {key}},
        {fmt::format(R"(UPDATE "user" SET "isAdmin" = true WHERE id = '{}')", user_id), {user_id}},
        {fmt::format(R"(UPDATE "user" SET name = 'new' WHERE id = '{}')", user_id), {user_id}},
        {fmt::format(R"(UPDATE "user" SET email = 'c@example.com' WHERE id = '{}')", user_id), {user_id}},
        {fmt::format(R"(UPDATE "user" SET "quotaSizeInBytes" = 1 WHERE id = '{}')", user_id), {user_id}},
        {fmt::format(R"(UPDATE "user" SET "deletedAt" = now() WHERE id = '{}')", user_id), {user_id}},
        {"UPDATE asset SET visibility = 'locked'", {asset}},
        {"UPDATE asset SET \"originalPath\" = '/moved'", {asset}},
        {"UPDATE asset SET \"originalFileName\" = 'x.jpg'", {asset}},
        {R"(UPDATE asset SET "isEdited" = NOT "isEdited")", {asset}},
        {fmt::format(R"(UPDATE asset SET "ownerId" = '{}')", other), {asset}},
        {"UPDATE asset_file SET path = '/other'", {asset}},
        {fmt::format(
             R"(INSERT INTO asset_file ("assetId", type, path, "isEdited") VALUES ('{}', 'thumbnail', '/e', true))",
             asset),
         {asset}},
        {"DELETE FROM asset_file", {asset}},
        {"DELETE FROM asset", {asset}},
        {"TRUNCATE session CASCADE", {"any"}},
    };
    for (const auto& [sql, told] : changes) EXPECT_EQ(co_await AfterChange(rig, sql), told) << sql;
  });
}

TEST(RowFeedTest, ManyChangesAtOnceBecomeOne) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    for (int i = 0; i < 300; ++i) co_await InsertAsset(rig.db, {.owner = user});
    const std::string moved = R"(UPDATE asset SET "originalPath" = "originalPath" || 'x')";
    const Rows told = co_await AfterChange(rig, moved);
    EXPECT_EQ(told.size(), 101U);
    EXPECT_EQ(told.back(), "any");
    // The count is the transaction's; what it undid is not told.
    const std::string undone = "BEGIN; " + moved + "; ROLLBACK";
    EXPECT_EQ(co_await AfterChange(rig, undone), Rows{});
    const Rows again = co_await AfterChange(rig, moved);
    EXPECT_EQ(again.size(), 101U);
    const Rows gone = co_await AfterChange(rig, R"(DELETE FROM "user")");
    EXPECT_EQ(gone.size(), 101U);
    EXPECT_EQ(gone.back(), "any");
  });
}

TEST(RowFeedTest, RemembersChangesForAnswersUnderWay) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com"),
                 other = co_await InsertUser(rig.db, "b@example.com");
    const RowFeed::Position before = rig.feed->position();
    const std::string rename = R"(UPDATE "user" SET name = name || 'x' WHERE email = 'a@example.com')";
    co_await AfterChange(rig, rename);
    EXPECT_TRUE(rig.feed->HasChangedSince(before, user.value));
    EXPECT_FALSE(rig.feed->HasChangedSince(before, other.value));
    EXPECT_FALSE(rig.feed->HasChangedSince(rig.feed->position(), user.value));
    for (std::size_t i = 0; i < RowFeed::kRememberedChanges; ++i) co_await rig.elsewhere.RunScript(rename);
    co_await rig.feed->CatchUp();
    EXPECT_TRUE(rig.feed->HasChangedSince(before, other.value)) << "too long ago to know";
  });
}

TEST(RowFeedTest, IsNotCurrentWhileNobodyListens) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    EXPECT_TRUE(rig.feed->IsCurrent());
    Told told(rig.feed);
    const RowFeed::Position before = rig.feed->position();
    co_await rig.EndListening();
    // The end of the connection is seen by whoever asks, even before the listening task has run.
    EXPECT_FALSE(rig.feed->IsCurrent());
    EXPECT_TRUE(co_await rig.UntilCurrent());
    EXPECT_FALSE(told.rows.empty());
    EXPECT_TRUE(rig.feed->HasChangedSince(before, Uuid::Random()));
  });
}

TEST(RowFeedTest, IsNeverCurrentWithoutTheTriggers) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    co_await rig.elsewhere.RunScript("ALTER TABLE session DISABLE TRIGGER plus_tell_delete");
    const auto feed = std::make_shared<RowFeed>(rig.elsewhere);
    feed->Start();
    // The other feed's sign comes to this one, too, and is none.
    co_await rig.EndListening();
    co_await SleepFor(std::chrono::milliseconds(300));
    EXPECT_FALSE(feed->IsCurrent());
    EXPECT_FALSE(rig.feed->IsCurrent());
  });
}

}  // namespace
}  // namespace immich
