#include "server/sessions/session_service.hpp"

#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"

namespace immich::sessions {
namespace {

using immich::testing::AccountRig;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

TEST(SessionServiceTest, ListsTheMostRecentlyUsedFirst) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    SessionService service(rig.db, rig.sessions);
    const AuthContext first = co_await rig.SignIn("a@example.com");
    const AuthContext second = co_await rig.BeginSession(first.user.id);
    co_await rig.SignIn("b@example.com");
    const auto listed = co_await service.List(first, first.user.id);
    EXPECT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0].id, second.session->id.value);
    EXPECT_FALSE(listed[0].current);
    EXPECT_EQ(listed[1].id, first.session->id.value);
    EXPECT_TRUE(listed[1].current);
    EXPECT_FALSE(listed[1].app_version);
    EXPECT_FALSE(listed[1].expires_at);
  });
}

TEST(SessionServiceTest, MakesChildrenThatEndWithTheirParent) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    SessionService service(rig.db, rig.sessions);
    const AuthContext parent = co_await rig.SignIn("a@example.com");
    const auto child = co_await service.Create(parent, {.device_os = "cast", .device_type = "TV", .duration = 3600});
    const auto expires_at = ParseIso(child.expires_at.value_or(""));
    EXPECT_TRUE(expires_at && *expires_at > Now() + std::chrono::minutes(59) &&
                *expires_at < Now() + std::chrono::minutes(61));
    EXPECT_EQ((co_await rig.Authenticate(child.token)).user.id, parent.user.id);
    co_await service.Delete(parent, parent.session->id);
    EXPECT_EQ(co_await Refusal(rig.Authenticate(child.token)), "401 Invalid user token");
  });
}

TEST(SessionServiceTest, TakesAnyDurationAndNoApiKeys) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    SessionService service(rig.db, rig.sessions);
    AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto child = co_await service.Create(auth, {.duration = 9007199254740991});
    EXPECT_EQ((co_await rig.Authenticate(child.token)).user.id, auth.user.id);
    auth.session.reset();
    auth.api_key.emplace();
    EXPECT_TRUE((co_await Refusal(service.Create(auth, {}))).starts_with("400 "));
  });
}

TEST(SessionServiceTest, RefusesSessionsOfOthers) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    SessionService service(rig.db, rig.sessions);
    const AuthContext owner = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    const SessionId id = owner.session->id;
    EXPECT_EQ(co_await Refusal(service.Delete(other, id)), "400 Not found or no authDevice.delete access");
    EXPECT_EQ(co_await Refusal(service.Lock(other, id)), "400 Not found or no session.lock access");
    EXPECT_EQ(co_await Refusal(service.Update(other, id, {.is_pending_sync_reset = true})),
              "400 Not found or no session.update access");
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM session"), 2);
  });
}

TEST(SessionServiceTest, UpdatesTheSyncResetOnly) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    SessionService service(rig.db, rig.sessions);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    EXPECT_EQ(co_await Refusal(service.Update(auth, auth.session->id, {})), "400 No fields to update");
    const auto updated = co_await service.Update(auth, auth.session->id, {.is_pending_sync_reset = true});
    EXPECT_TRUE(updated.is_pending_sync_reset);
    EXPECT_TRUE(updated.current);
  });
}

TEST(SessionServiceTest, DeletesAllOthersAndTellsTheirClients) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    SessionService service(rig.db, rig.sessions);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext gone = co_await rig.BeginSession(auth.user.id);
    const AuthContext stranger = co_await rig.SignIn("b@example.com");
    redis::Subscriber subscriber(rig.db.executor(), rig.RedisOptions());
    // Both permits are taken; the events give them back.
    Semaphore subscribed(1), received(1);
    co_await subscribed.Acquire();
    co_await received.Acquire();
    std::string message;
    subscriber.Subscribe(
        "immich:socket.io",
        [&](std::string_view payload) {
          message = payload;
          received.Release();
        },
        [&] { subscribed.Release(); });
    co_await subscribed.Acquire();
    const auto begin = std::chrono::steady_clock::now();
    co_await service.DeleteOthers(auth);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM session"), 2);
    co_await received.Acquire();
    EXPECT_GE(std::chrono::steady_clock::now() - begin, SessionRegistry::kAnnouncementDelay);
    const std::string id = gone.session->id.ToString();
    EXPECT_EQ(message, id + "\n42[\"on_session_delete\",\"" + id + "\"]");
    EXPECT_EQ((co_await service.List(stranger, stranger.user.id)).size(), 1u);
  });
}

TEST(SessionServiceTest, CleansUpWhatEndedOrIsNotUsed) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    const AuthContext used = co_await rig.SignIn("a@example.com");
    const UserId user = used.user.id;
    co_await rig.BeginSession(user);
    // The trigger would set "updatedAt" to now.
    co_await rig.db.RunScript(R"(
      ALTER TABLE session DISABLE TRIGGER ALL;
      UPDATE session SET "updatedAt" = now() - interval '91 days' WHERE id <> ')" +
                              used.session->id.ToString() + "'");
    co_await rig.sessions->Begin(
        {.user = user, .device = {}, .parent = {}, .expires_at = Now() - std::chrono::hours(1)});
    co_await rig.sessions->Begin(
        {.user = user, .device = {}, .parent = {}, .expires_at = Now() + std::chrono::hours(1)});
    EXPECT_EQ(co_await DeleteStaleSessions(rig.db), 2);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM session"), 2);
  });
}

}  // namespace
}  // namespace immich::sessions
