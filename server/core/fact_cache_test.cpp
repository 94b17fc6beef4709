#include "server/core/fact_cache.hpp"

#include <gtest/gtest.h>

#include <string>

#include "server/core/testing/feed_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich {
namespace {

using immich::testing::FeedRig;
using immich::testing::InsertUser;
using immich::testing::WithFeed;

void Keep(FactCache& facts, std::string key, Uuid row, std::string fact = "fact") {
  facts.Keep(facts.position(), std::move(key), std::make_shared<const std::string>(std::move(fact)), {row}, 4);
}

TEST(FactCacheTest, KeepsUntilTheRowChanges) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId a = co_await InsertUser(rig.db, "a@example.com"), b = co_await InsertUser(rig.db, "b@example.com");
    FactCache facts(rig.feed, 10'000);
    EXPECT_EQ(facts.Find<std::string>("a"), nullptr);
    Keep(facts, "a", a.value);
    Keep(facts, "a too", a.value);
    Keep(facts, "b", b.value);
    const auto known = facts.Find<std::string>("a");
    EXPECT_TRUE(known && *known == "fact");
    co_await rig.elsewhere.RunScript("UPDATE \"user\" SET name = 'new' WHERE email = 'a@example.com'");
    co_await rig.feed->CatchUp();
    EXPECT_EQ(facts.Find<std::string>("a"), nullptr);
    EXPECT_EQ(facts.Find<std::string>("a too"), nullptr);
    EXPECT_NE(facts.Find<std::string>("b"), nullptr);
    facts.Forget("b");
    EXPECT_EQ(facts.Find<std::string>("b"), nullptr);
    EXPECT_EQ(facts.bytes(), 0U);
  });
}

TEST(FactCacheTest, DoesNotKeepAnAnswerThatTheChangeOvertook) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId a = co_await InsertUser(rig.db, "a@example.com"), b = co_await InsertUser(rig.db, "b@example.com");
    FactCache facts(rig.feed, 10'000);
    const RowFeed::Position asked_at = facts.position();
    co_await rig.elsewhere.RunScript("UPDATE \"user\" SET name = 'new' WHERE email = 'a@example.com'");
    co_await rig.feed->CatchUp();
    const auto fact = std::make_shared<const std::string>("of before");
    facts.Keep(asked_at, "a", fact, {b.value, a.value}, 0);
    EXPECT_EQ(facts.Find<std::string>("a"), nullptr);
    facts.Keep(asked_at, "b", fact, {b.value}, 0);
    EXPECT_NE(facts.Find<std::string>("b"), nullptr) << "nothing happened to that one";
    // Everything an open question may have missed while nobody listened.
    const RowFeed::Position before_break = facts.position();
    co_await rig.EndListening();
    facts.Keep(before_break, "c", fact, {b.value}, 0);
    EXPECT_TRUE(co_await rig.UntilCurrent());
    EXPECT_EQ(facts.Find<std::string>("b"), nullptr);
    EXPECT_EQ(facts.Find<std::string>("c"), nullptr);
    facts.Keep(before_break, "d", fact, {b.value}, 0);
    EXPECT_EQ(facts.Find<std::string>("d"), nullptr);
    Keep(facts, "e", b.value);
    EXPECT_NE(facts.Find<std::string>("e"), nullptr);
  });
}

TEST(FactCacheTest, SeesWhatHasArrivedWithoutLettingOthersRun) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    const UserId a = co_await InsertUser(rig.db, "a@example.com");
    FactCache facts(rig.feed, 10'000);
    Keep(facts, "a", a.value);
    co_await rig.elsewhere.RunScript("UPDATE \"user\" SET name = 'new'");
    // Another process has no round trip to wait for, only the way of the notification.
    for (int i = 0; i < 1000 && facts.Find<std::string>("a"); ++i) ::usleep(1000);
    EXPECT_EQ(facts.Find<std::string>("a"), nullptr);
  });
}

TEST(FactCacheTest, StaysWithinItsBytes) {
  WithFeed([](FeedRig& rig) -> Task<void> {
    FactCache facts(rig.feed, 4'000);
    const auto fact = std::make_shared<const std::string>();
    facts.Keep(facts.position(), "huge", fact, {Uuid::Random()}, 4'000);
    EXPECT_EQ(facts.size(), 0U);
    Keep(facts, "first", Uuid::Random());
    for (int i = 0; i < 100; ++i) {
      EXPECT_NE(facts.Find<std::string>("first"), nullptr) << "used all the time";
      Keep(facts, std::to_string(i), Uuid::Random());
      EXPECT_LE(facts.bytes(), 4'000U);
    }
    EXPECT_NE(facts.Find<std::string>("99"), nullptr);
    EXPECT_EQ(facts.Find<std::string>("0"), nullptr);
    EXPECT_GT(facts.size(), 5U);
    co_return;
  });
}

TEST(FactCacheTest, KeepsNothingWithoutAFeed) {
  FactCache facts(nullptr, 10'000);
  Keep(facts, "a", Uuid::Random());
  EXPECT_EQ(facts.Find<std::string>("a"), nullptr);
}

}  // namespace
}  // namespace immich
