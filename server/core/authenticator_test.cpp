#include "server/core/authenticator.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "db/testing/query_value.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "server/core/testing/feed_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich {
namespace {

using immich::testing::FeedRig;
using immich::testing::InsertUser;
using immich::testing::WithFeed;

/// An api process whose callers are known, and the statements that finding them took.
struct Callers {
  explicit Callers(FeedRig& feed_rig) : rig(feed_rig), counted(rig.db), authenticator(counted, rig.feed) {}

  /// Counts what is asked.
  struct Counted : pg::Db {
    explicit Counted(pg::Db& real) : db(real) {}
    Task<pg::Result> Run(const pg::Statement& statement, pg::Params params) override {
      ++questions;
      pg::Result result = co_await db.Run(statement, std::move(params));
      if (after_answer) co_await std::exchange(after_answer, nullptr)();
      co_return result;
    }
    Task<pg::Result> RunDynamic(std::string text, pg::Params params) override {
      return db.RunDynamic(std::move(text), std::move(params));
    }
    Task<void> Stream(std::string text, pg::Params params, std::function<Task<void>(pg::Row)> on_row) override {
      return db.Stream(std::move(text), std::move(params), std::move(on_row));
    }
    pg::Db& db;
    int questions = 0;
    std::function<Task<void>()> after_answer;
  };

  static std::string Stored(std::string_view secret) {
    return "'\\x" + crypto::ToHex(crypto::HashSha256(secret)) + "'";
  }
  Task<void> BeginSession(UserId user, std::string token, std::string more_columns = "", std::string more_values = "") {
    co_await rig.elsewhere.RunScript(fmt::format(R"(INSERT INTO session (token, "userId"{}) VALUES ({}, '{}'{}))",
                                                 more_columns, Stored(token), user.ToString(), more_values));
  }
  /// A change in another process that this one has heard of.
  Task<void> Elsewhere(std::string sql) {
    co_await rig.elsewhere.RunScript(std::move(sql));
    co_await rig.feed->CatchUp();
  }
  /// The name of the caller, or why there is none.
  Task<std::string> Who(std::string header, std::string secret) {
    http::Request request;
    request.headers.Add(std::move(header), std::move(secret));
    try {
      last = co_await authenticator.Authenticate(request);
    } catch (const Error& error) {
      co_return std::string(error.what());
    }
    co_return last.user.name;
  }
  Task<std::string> WhoseSession(std::string token) { co_return co_await Who("x-immich-user-token", std::move(token)); }
  /// Questions of an answer to a request of the session.
  Task<int> QuestionsOf(std::string token) {
    const int before = counted.questions;
    co_await WhoseSession(std::move(token));
    co_return counted.questions - before;
  }

  FeedRig& rig;
  Counted counted;
  Authenticator authenticator;
  AuthContext last;
};

TEST(AuthenticatorTest, AsksOnceForASessionUntilSomethingChanges) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    Callers callers(rig);
    EXPECT_EQ(co_await callers.WhoseSession("token"), "Invalid user token");
    co_await callers.BeginSession(user, "token");
    EXPECT_EQ(co_await callers.WhoseSession("token"), "a@example.com") << "that there was none is not kept";
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 0);
    EXPECT_TRUE(callers.last.session && callers.last.user.id == user);

    co_await callers.Elsewhere(R"(UPDATE "user" SET name = 'new', "isAdmin" = true, "quotaSizeInBytes" = 5)");
    EXPECT_EQ(co_await callers.WhoseSession("token"), "new");
    EXPECT_TRUE(callers.last.user.is_admin);
    EXPECT_EQ(callers.last.user.quota_size_bytes, 5);
    co_await callers.Elsewhere(R"(UPDATE "user" SET "deletedAt" = now())");
    EXPECT_EQ(co_await callers.WhoseSession("token"), "Invalid user token");
    co_await callers.Elsewhere(R"(UPDATE "user" SET "deletedAt" = NULL)");
    EXPECT_EQ(co_await callers.WhoseSession("token"), "new");
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 0);
    co_await callers.Elsewhere("DELETE FROM session");
    EXPECT_EQ(co_await callers.WhoseSession("token"), "Invalid user token");
    co_await callers.BeginSession(user, "token");
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 1);
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 0);
    co_await callers.Elsewhere(R"(DELETE FROM "user")");
    EXPECT_EQ(co_await callers.WhoseSession("token"), "Invalid user token");
  });
}

TEST(AuthenticatorTest, TheClockAndElevationStayExact) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    Callers callers(rig);
    co_await callers.BeginSession(user, "expires", R"(, "expiresAt")", ", now() + interval '1 day'");
    EXPECT_EQ(co_await callers.QuestionsOf("expires"), 1);
    EXPECT_EQ(co_await callers.QuestionsOf("expires"), 1) << "asked for each time";

    co_await callers.BeginSession(user, "token");
    co_await callers.WhoseSession("token");
    EXPECT_FALSE(callers.last.is_elevated());
    co_await callers.Elsewhere(R"(UPDATE session SET "pinExpiresAt" = now() + interval '10 minutes')");
    co_await callers.WhoseSession("token");
    EXPECT_TRUE(callers.last.is_elevated());
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 0);
    co_await callers.Elsewhere(R"(UPDATE session SET "pinExpiresAt" = NULL)");
    co_await callers.WhoseSession("token");
    EXPECT_FALSE(callers.last.is_elevated());
  });
}

TEST(AuthenticatorTest, NotesOnceAnHourThatAKnownSessionIsInUse) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    Callers callers(rig);
    co_await callers.BeginSession(user, "token", R"(, "updatedAt")", ", now() - interval '2 hours'");
    const std::string fresh = R"(SELECT count(*) FROM session WHERE "updatedAt" > now() - interval '1 minute')";
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 2) << "found and noted";
    EXPECT_EQ(co_await immich::testing::QueryNumber(rig.db, fresh), 1);
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 1) << "as it is now";
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 0);
  });
}

TEST(AuthenticatorTest, KnowsApiKeysUntilTheyChange) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    Callers callers(rig);
    co_await rig.db.RunScript(fmt::format(
        R"(INSERT INTO api_key (name, key, "userId", permissions) VALUES ('k', {}, '{}', '{{asset.read,asset.view}}'))",
        Callers::Stored("secret"), user.ToString()));
    EXPECT_EQ(co_await callers.Who("x-api-key", "secret"), "a@example.com");
    const int asked = callers.counted.questions;
    EXPECT_EQ(co_await callers.Who("x-api-key", "secret"), "a@example.com");
    EXPECT_EQ(callers.counted.questions, asked);
    EXPECT_TRUE(callers.last.api_key->permissions.Allows(api::Permission::kAssetView));
    EXPECT_EQ(co_await callers.WhoseSession("secret"), "Invalid user token") << "a key is no session token";
    co_await callers.Elsewhere("UPDATE api_key SET permissions = '{asset.read}'");
    EXPECT_EQ(co_await callers.Who("x-api-key", "secret"), "a@example.com");
    EXPECT_FALSE(callers.last.api_key->permissions.Allows(api::Permission::kAssetView));
    co_await callers.Elsewhere("DELETE FROM api_key");
    EXPECT_EQ(co_await callers.Who("x-api-key", "secret"), "Invalid API key");
  });
}

TEST(AuthenticatorTest, AnAnswerThatALogoutOvertookIsNotKept) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    Callers callers(rig);
    co_await callers.BeginSession(user, "token");
    callers.counted.after_answer = [&callers]() -> Task<void> { co_await callers.Elsewhere("DELETE FROM session"); };
    EXPECT_EQ(co_await callers.WhoseSession("token"), "a@example.com") << "asked before the logout";
    EXPECT_EQ(co_await callers.WhoseSession("token"), "Invalid user token");
  });
}

TEST(AuthenticatorTest, WithoutListeningItAsksEachTime) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId user = co_await InsertUser(rig.db, "a@example.com");
    Callers callers(rig);
    co_await callers.BeginSession(user, "token");
    co_await callers.BeginSession(user, "other");
    co_await callers.WhoseSession("token");
    co_await callers.WhoseSession("other");
    EXPECT_EQ(co_await callers.QuestionsOf("token"), 0);
    co_await rig.EndListening();
    co_await rig.elsewhere.RunScript(fmt::format("DELETE FROM session WHERE token = {}", Callers::Stored("token")));
    EXPECT_EQ(co_await callers.WhoseSession("token"), "Invalid user token") << "nobody could tell of the change";
    EXPECT_EQ(co_await callers.WhoseSession("other"), "a@example.com");
    EXPECT_TRUE(co_await rig.UntilCurrent());
    EXPECT_EQ(co_await callers.WhoseSession("token"), "Invalid user token");
    co_await callers.WhoseSession("other");
    EXPECT_EQ(co_await callers.QuestionsOf("other"), 0);
  });
}

}  // namespace
}  // namespace immich
