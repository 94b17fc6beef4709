#include "server/sync/sync_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "server/core/testing/account_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::sync {
namespace {

using immich::testing::AccountRig;
using immich::testing::InsertAsset;
using immich::testing::QueryNumber;
using immich::testing::Refusal;
using immich::testing::WithAccounts;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Type = api::SyncRequestType;

struct Line {
  std::string type, ack;
  boost::json::object data;
};

/// A phone: what it got, and what it acknowledges.
struct Phone {
  Phone(AccountRig& accounts, AuthContext signed_in) : rig(accounts), auth(std::move(signed_in)) {}

  Task<std::vector<Line>> Sync(std::vector<Type> types, bool reset = false) {
    // A stream ends before its own millisecond: what a test has just written has to be older.
    co_await Sql("SELECT pg_sleep(0.003)");
    SyncStream stream(rig.db, auth.user.id, auth.session->id);
    api::SyncStreamDto request;
    request.types = std::move(types);
    if (reset) request.reset = true;
    co_await stream.Prepare(std::move(request));
    std::string text;
    LineSink sink = [&text](std::string_view lines) -> Task<void> {
      text += lines;
      co_return;
    };
    co_await stream.Send(std::move(sink));
    std::vector<Line> lines;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      const boost::json::value line = boost::json::parse(text.substr(begin, end - begin));
      lines.push_back({std::string(line.at("type").as_string()), std::string(line.at("ack").as_string()),
                       line.at("data").as_object()});
      begin = end + 1;
    }
    co_return lines;
  }
  Task<void> Acknowledge(const std::vector<Line>& lines) {
    std::map<Entity, std::string> acks;
    for (const Line& line : lines) acks[EntityOf(line.ack)] = line.ack;
    co_await CheckpointStore(rig.db).Set(auth.session->id, acks);
  }
  /// Types of the lines but the last, all acknowledged.
  Task<std::vector<std::string>> Take(std::vector<Type> types) {
    const auto lines = co_await Sync(std::move(types));
    co_await Acknowledge(lines);
    EXPECT_EQ(lines.back().type, "SyncCompleteV1");
    std::vector<std::string> names;
    for (const Line& line : lines) names.push_back(line.type);
    names.pop_back();
    co_return names;
  }
  Task<void> Sql(std::string text) { co_await rig.db.RunScript(std::move(text)); }

  AccountRig& rig;
  AuthContext auth;
};

void WithPhone(const std::function<Task<void>(Phone&)>& body) {
  WithAccounts([&](AccountRig& rig) -> Task<void> {
    Phone phone(rig, co_await rig.SignIn("owner@example.com"));
    co_await body(phone);
  });
}

TEST(SyncStreamTest, SendsWhatChangedSinceTheAcknowledgement) {
  WithPhone([](Phone& phone) -> Task<void> {
    const AssetId one = co_await InsertAsset(phone.rig.db, {.owner = phone.auth.user.id, .is_favorite = true});
    const AssetId two = co_await InsertAsset(phone.rig.db, {.owner = phone.auth.user.id, .visibility = "locked"});
    const auto lines = co_await phone.Sync({Type::kAssetsV2, Type::kAuthUsersV1});
    EXPECT_EQ(lines.size(), 4u);
    EXPECT_EQ(lines[0].type, "AuthUserV1") << "the order is fixed, not that of the request";
    EXPECT_EQ(lines[0].data.at("email").as_string(), "owner@example.com");
    EXPECT_EQ(lines[1].data.at("id").as_string(), one.ToString());
    EXPECT_TRUE(lines[1].data.at("isFavorite").as_bool());
    EXPECT_EQ(lines[2].data.at("visibility").as_string(), "locked");
    EXPECT_TRUE(lines[1].ack.starts_with("AssetV2|"));
    co_await phone.Acknowledge(lines);
    EXPECT_THAT(co_await phone.Take({Type::kAssetsV2, Type::kAuthUsersV1}), IsEmpty());
    co_await phone.Sql(fmt::format(R"(UPDATE asset SET "isFavorite" = false WHERE id = '{}';
                                      DELETE FROM asset WHERE id = '{}')",
                                   one.ToString(), two.ToString()));
    EXPECT_THAT(co_await phone.Take({Type::kAssetsV2}), ElementsAre("AssetDeleteV1", "AssetV2"));
    EXPECT_THAT(co_await phone.Take({Type::kAssetsV2}), IsEmpty());
    EXPECT_EQ((co_await phone.Sync({Type::kAssetsV2}, true)).size(), 3u) << "a reset forgets the acknowledgements";
  });
}

TEST(SyncStreamTest, RunsEveryQueryOfThePlan) {
  WithPhone([](Phone& phone) -> Task<void> {
    std::vector<Type> all;
    for (const Handler& handler : SyncPlan()) all.push_back(handler.request);
    EXPECT_EQ(all.size(), 23u);
    const UserId friend_id = co_await phone.rig.AddUser("friend@example.com");
    const AssetId asset = co_await InsertAsset(phone.rig.db, {.owner = phone.auth.user.id});
    const std::string a = asset.ToString(), u = phone.auth.user.id.ToString(), f = friend_id.ToString();
    co_await phone.Sql(fmt::format(R"(
INSERT INTO partner ("sharedById", "sharedWithId") VALUES ('{1}', '{2}'), ('{2}', '{1}');
INSERT INTO album (id, "albumName") VALUES ('11111111-1111-4111-8111-111111111111', 'a');
INSERT INTO album_user ("albumId", "userId", role) VALUES ('11111111-1111-4111-8111-111111111111', '{1}', 'owner');
INSERT INTO album_asset ("albumId", "assetId") VALUES ('11111111-1111-4111-8111-111111111111', '{0}');
INSERT INTO stack (id, "primaryAssetId", "ownerId") VALUES ('22222222-2222-4222-8222-222222222222', '{0}', '{1}');
INSERT INTO memory (id, "ownerId", type, data, "memoryAt") VALUES ('33333333-3333-4333-8333-333333333333', '{1}',
  'on_this_day', '{{"year":2020}}', now());
INSERT INTO memory_asset ("memoriesId", "assetId") VALUES ('33333333-3333-4333-8333-333333333333', '{0}');
INSERT INTO asset_edit ("assetId", action, parameters, sequence) VALUES ('{0}', 'rotate', '{{"angle":90}}', 0);
INSERT INTO asset_metadata ("assetId", key, value) VALUES ('{0}', 'mobile-app', '{{"a":1}}');
INSERT INTO user_metadata ("userId", key, value) VALUES ('{1}', 'onboarding', '{{"isOnboarded":true}}');
INSERT INTO asset_ocr ("assetId", x1, y1, x2, y2, x3, y3, x4, y4, "boxScore", "textScore", text)
  VALUES ('{0}', 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 'words');
INSERT INTO person ("ownerId", name, "birthDate") VALUES ('{1}', 'Ada', '2000-01-02');
INSERT INTO asset_face ("assetId", "imageWidth", "imageHeight") VALUES ('{0}', 10, 10))",
                                   a, u, f));
    EXPECT_THAT(
        co_await phone.Take(all),
        ElementsAre("AuthUserV1", "UserV1", "UserV1", "PartnerV1", "PartnerV1", "AssetV2", "StackV1", "SyncAckV1",
                    "AlbumAssetCreateV2", "AlbumV1", "AlbumV2", "AlbumUserV1", "AlbumToAssetV1", "AssetExifV1",
                    "SyncAckV1", "AlbumAssetExifCreateV1", "AssetOcrV1", "MemoryV1", "MemoryToAssetV1", "PersonV1",
                    "AssetFaceV2", "UserMetadataV1", "AssetMetadataV1", "AssetEditV1"));
    EXPECT_THAT(co_await phone.Take(all), IsEmpty());
    co_await phone.Sql(R"(
DELETE FROM asset_face; DELETE FROM person; DELETE FROM asset_ocr; DELETE FROM user_metadata; DELETE FROM asset_metadata;
DELETE FROM asset_edit; DELETE FROM memory_asset; DELETE FROM memory; DELETE FROM stack; DELETE FROM album_asset;
DELETE FROM partner;)");
    EXPECT_THAT(co_await phone.Take({Type::kPartnersV1, Type::kStacksV1, Type::kAlbumToAssetsV1, Type::kAssetOcrV1,
                                     Type::kMemoriesV1, Type::kPeopleV1, Type::kAssetFacesV2, Type::kUserMetadataV1,
                                     Type::kAssetMetadataV1, Type::kAssetEditsV1}),
                ElementsAre("PartnerDeleteV1", "PartnerDeleteV1", "StackDeleteV1", "AlbumToAssetDeleteV1",
                            "AssetOcrDeleteV1", "MemoryDeleteV1", "PersonDeleteV1", "AssetFaceDeleteV1",
                            "UserMetadataDeleteV1", "AssetMetadataDeleteV1", "AssetEditDeleteV1"));
  });
}

TEST(SyncStreamTest, FillsInPartnersThatJoinLater) {
  WithPhone([](Phone& phone) -> Task<void> {
    const UserId early = co_await phone.rig.AddUser("early@example.com");
    const UserId late = co_await phone.rig.AddUser("late@example.com");
    const auto share = [&](UserId from) -> Task<void> {
      co_await phone.Sql(fmt::format(R"(INSERT INTO partner ("sharedById", "sharedWithId") VALUES ('{}', '{}'))",
                                     from.ToString(), phone.auth.user.id.ToString()));
    };
    const AssetId old = co_await InsertAsset(phone.rig.db, {.owner = late, .is_favorite = true});
    co_await InsertAsset(phone.rig.db, {.owner = early});
    co_await share(early);
    EXPECT_THAT(co_await phone.Take({Type::kPartnerAssetsV2}), ElementsAre("PartnerAssetV2"));
    co_await share(late);
    const auto lines = co_await phone.Sync({Type::kPartnerAssetsV2});
    EXPECT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0].type, "PartnerAssetBackfillV2");
    EXPECT_EQ(lines[0].data.at("id").as_string(), old.ToString());
    EXPECT_FALSE(lines[0].data.at("isFavorite").as_bool()) << "favourites are the owner's business";
    EXPECT_EQ(lines[1].type, "SyncAckV1");
    EXPECT_TRUE(lines[1].ack.starts_with("PartnerAssetBackfillV2|") && lines[1].ack.ends_with("|complete"));
    // The connection breaks after the first line: the rest comes the next time.
    co_await phone.Acknowledge({lines[0]});
    EXPECT_THAT(co_await phone.Take({Type::kPartnerAssetsV2}), ElementsAre("SyncAckV1"));
    EXPECT_THAT(co_await phone.Take({Type::kPartnerAssetsV2}), IsEmpty());
  });
}

TEST(SyncStreamTest, KeepsAlbumsOfOthersUpToDate) {
  WithPhone([](Phone& phone) -> Task<void> {
    const UserId other = co_await phone.rig.AddUser("other@example.com");
    const AssetId first = co_await InsertAsset(phone.rig.db, {.owner = other});
    const AssetId second = co_await InsertAsset(phone.rig.db, {.owner = other});
    const std::string album = "11111111-1111-4111-8111-111111111111";
    co_await phone.Sql(fmt::format(R"(
INSERT INTO album (id, "albumName") VALUES ('{0}', 'a');
INSERT INTO album_user ("albumId", "userId", role) VALUES ('{0}', '{1}', 'owner'), ('{0}', '{2}', 'viewer');
INSERT INTO album_asset ("albumId", "assetId") VALUES ('{0}', '{3}'))",
                                   album, other.ToString(), phone.auth.user.id.ToString(), first.ToString()));
    EXPECT_THAT(co_await phone.Take({Type::kAlbumAssetsV2}), ElementsAre("SyncAckV1", "AlbumAssetCreateV2"));
    co_await phone.Sql(fmt::format(R"(UPDATE asset SET "originalFileName" = 'b.jpg';
                                      INSERT INTO album_asset ("albumId", "assetId") VALUES ('{}', '{}'))",
                                   album, second.ToString()));
    EXPECT_THAT(co_await phone.Take({Type::kAlbumAssetsV2}),
                ElementsAre("AlbumAssetUpdateV2", "SyncAckV1", "AlbumAssetCreateV2"));
    EXPECT_THAT(co_await phone.Take({Type::kAlbumAssetsV2}), IsEmpty());
    co_await phone.Take({Type::kAlbumsV2});
    co_await phone.Sql(fmt::format(R"(DELETE FROM album_user WHERE "userId" = '{}')", phone.auth.user.id.ToString()));
    EXPECT_THAT(co_await phone.Take({Type::kAlbumsV2}), ElementsAre("AlbumDeleteV1"));
  });
}

TEST(SyncStreamTest, WaitsForTransactionsThatAreOpen) {
  WithPhone([](Phone& phone) -> Task<void> {
    auto& pool = dynamic_cast<pg::Pool&>(phone.rig.db);
    co_await pool.InTransaction([&](pg::Transaction& tx) -> Task<void> {
      co_await InsertAsset(tx, {.owner = phone.auth.user.id});
      co_await InsertAsset(phone.rig.db, {.owner = phone.auth.user.id});
      EXPECT_THAT(co_await phone.Take({Type::kAssetsV2}), IsEmpty());
    });
    EXPECT_THAT(co_await phone.Take({Type::kAssetsV2}), ElementsAre("AssetV2", "AssetV2"));
  });
}

TEST(SyncStreamTest, ReadsPageByPage) {
  WithPhone([](Phone& phone) -> Task<void> {
    co_await phone.Sql(fmt::format(R"(
INSERT INTO asset_metadata ("assetId", key, value)
SELECT a.id, 'k' || n, '{{}}' FROM asset a, generate_series(1, 10) n;
INSERT INTO asset ("ownerId", "fileCreatedAt", "fileModifiedAt", "localDateTime", "originalFileName", "originalPath", type,
  checksum, "checksumAlgorithm")
SELECT '{}', now(), now(), now(), 'a', '/a', 'IMAGE', decode(md5(n::text), 'hex'), 'sha1' FROM generate_series(1, 10001) n)",
                                   phone.auth.user.id.ToString()));
    const auto lines = co_await phone.Sync({Type::kAssetsV2});
    std::set<std::string> ids;
    for (const Line& line : lines) {
      if (line.type == "AssetV2") ids.insert(std::string(line.data.at("id").as_string()));
    }
    EXPECT_EQ(ids.size(), 10001u);
    EXPECT_EQ(lines.size(), 10002u);
  });
}

TEST(SyncStreamTest, BeginsAnewWhenItMust) {
  WithPhone([](Phone& phone) -> Task<void> {
    EXPECT_TRUE((co_await Refusal(phone.Sync({Type::kAssetsV1}))).starts_with("400 "));
    co_await phone.Take({Type::kUsersV1});
    co_await phone.Sql(R"(UPDATE session SET "isPendingSyncReset" = true)");
    const auto lines = co_await phone.Sync({Type::kUsersV1});
    EXPECT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].ack, "SyncResetV1|reset");
    co_await CheckpointStore(phone.rig.db).Reset(phone.auth.session->id);
    EXPECT_EQ((co_await phone.Sync({Type::kUsersV1})).size(), 2u);
    std::map<Entity, std::string> old;
    old[Entity::kSyncCompleteV1] =
        FormatAck(Entity::kSyncCompleteV1, Uuid::Version7(UnixMilliseconds(Now() - std::chrono::days(31))));
    co_await CheckpointStore(phone.rig.db).Set(phone.auth.session->id, old);
    EXPECT_EQ((co_await phone.Sync({Type::kUsersV1}))[0].type, "SyncResetV1") << "away for too long";
  });
}

TEST(SyncCheckpointTest, ReadsWhatItWrites) {
  const Uuid id = Uuid::Version7(1700000000000);
  const std::string text = FormatAck(Entity::kAlbumUserBackfillV1, id, kComplete);
  EXPECT_EQ(EntityOf(text), Entity::kAlbumUserBackfillV1);
  const auto ack = ParseAck(text);
  ASSERT_TRUE(ack.has_value());
  EXPECT_EQ(ack->update_id, id);
  EXPECT_EQ(ack->extra, "complete");
  EXPECT_FALSE(ParseAck("SyncResetV1|reset").has_value());
  EXPECT_THROW(EntityOf("Nothing|x"), BadRequest);
}

}  // namespace
}  // namespace immich::sync
