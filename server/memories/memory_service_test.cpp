#include "server/memories/memory_service.hpp"

#include <gtest/gtest.h>

#include "server/core/access.hpp"
#include "server/core/testing/account_rig.hpp"
#include "server/core/testing/library_rows.hpp"
#include "server/memories/memory_maker.hpp"

namespace immich::memories {
namespace {

using immich::testing::AccountRig;
using immich::testing::InsertAsset;
using immich::testing::QueryNumber;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

struct MemoryRig {
  explicit MemoryRig(AccountRig& accounts) : access(accounts.db), service(accounts.db, access) {}
  Access access;
  MemoryService service;
};

Task<AssetId> InsertSeen(pg::Db& db, UserId owner, std::string taken) {
  const AssetId id = co_await InsertAsset(db, {.owner = owner, .taken = std::move(taken)});
  pg::Params params{id};
  co_await db.RunDynamic(R"(INSERT INTO asset_file ("assetId", type, path) VALUES ($1, 'preview', '/x'))",
                         std::move(params));
  co_return id;
}

api::MemoryCreateDto Of(std::int64_t year, std::vector<Uuid> assets = {}) {
  api::MemoryCreateDto request;
  request.asset_ids = std::move(assets);
  request.data.year = year;
  request.memory_at = *ParseIso(fmt::format("{}-06-01T00:00:00Z", year));
  return request;
}

TEST(MemoryServiceTest, MakesChangesAndDeletes) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    MemoryRig memories(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    const AssetId mine = co_await InsertAsset(rig.db, {.owner = auth.user.id});
    const AssetId foreign = co_await InsertAsset(rig.db, {.owner = other.user.id});
    const auto made = co_await memories.service.Create(auth, Of(2020, {mine.value, foreign.value}));
    EXPECT_EQ(made.assets.size(), 1u);
    EXPECT_EQ(made.data.year, 2020);
    const MemoryId id(made.id);
    const auto saved = co_await memories.service.Update(auth, id, {.is_saved = true});
    EXPECT_TRUE(saved.is_saved);
    EXPECT_EQ(saved.memory_at, made.memory_at);
    EXPECT_EQ(co_await Refusal(memories.service.Get(other, id)), "400 Not found or no memory.read access");
    EXPECT_EQ(co_await Refusal(memories.service.Delete(other, id)), "400 Not found or no memory.delete access");
    co_await memories.service.Delete(auth, id);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM memory"), 0);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM memory_audit"), 1);
  });
}

TEST(MemoryServiceTest, FiltersAndOrders) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    MemoryRig memories(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    auto shown = Of(2018);
    shown.show_at = *ParseIso("2024-06-01T00:00:00Z");
    shown.hide_at = *ParseIso("2024-06-01T23:59:59.999Z");
    co_await memories.service.Create(auth, shown);
    auto saved = Of(2019);
    saved.is_saved = true;
    co_await memories.service.Create(auth, saved);
    co_await memories.service.Create(auth, Of(2020));
    const auto all = co_await memories.service.List(auth, {});
    EXPECT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].data.year, 2020);
    EXPECT_EQ((co_await memories.service.List(auth, {.order = api::MemorySearchOrder::kAsc}))[0].data.year, 2018);
    EXPECT_EQ((co_await memories.service.List(auth, {.order = api::MemorySearchOrder::kRandom})).size(), 3u);
    EXPECT_EQ((co_await memories.service.List(auth, {.page = 2, .size = 2}))[0].data.year, 2018);
    EXPECT_EQ((co_await memories.service.List(auth, {.for_ = "2024-06-01"})).size(), 3u);
    EXPECT_EQ((co_await memories.service.List(auth, {.for_ = "2024-06-02"})).size(), 2u);
    EXPECT_EQ(co_await memories.service.Count(auth, {.is_saved = true}), 1);
    EXPECT_EQ(co_await memories.service.Count(auth, {.is_trashed = true}), 0);
    EXPECT_EQ(co_await memories.service.Count(auth, {}), 3);
  });
}

TEST(MemoryServiceTest, AddsAndRemovesAssets) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    MemoryRig memories(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AssetId one = co_await InsertAsset(rig.db, {.owner = auth.user.id});
    const MemoryId id((co_await memories.service.Create(auth, Of(2020))).id);
    std::vector<Uuid> ids{one.value, one.value, Uuid::Random()};
    auto results = co_await memories.service.AddAssets(auth, id, ids);
    EXPECT_TRUE(results[0].success);
    EXPECT_EQ(results[1].error, api::BulkIdErrorReason::kDuplicate);
    EXPECT_EQ(results[2].error, api::BulkIdErrorReason::kNoPermission);
    EXPECT_EQ((co_await memories.service.Get(auth, id)).assets.size(), 1u);
    results = co_await memories.service.RemoveAssets(auth, id, ids);
    EXPECT_TRUE(results[0].success);
    EXPECT_EQ(results[1].error, api::BulkIdErrorReason::kNotFound);
    EXPECT_TRUE((co_await memories.service.Get(auth, id)).assets.empty());
  });
}

TEST(MemoryMakerTest, MakesAMemoryForEveryEarlierYear) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    MemoryRig memories(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    co_await InsertSeen(rig.db, auth.user.id, "2020-06-15T10:00:00Z");
    co_await InsertSeen(rig.db, auth.user.id, "2021-06-15T23:59:00Z");
    co_await InsertSeen(rig.db, auth.user.id, "2021-06-15T01:00:00Z");
    co_await InsertSeen(rig.db, auth.user.id, "2022-06-12T10:00:00Z");
    co_await InsertSeen(rig.db, auth.user.id, "2022-06-11T10:00:00Z");
    co_await InsertSeen(rig.db, auth.user.id, "2024-06-15T10:00:00Z");
    co_await InsertAsset(rig.db, {.owner = auth.user.id, .taken = "2019-06-15T10:00:00Z"});
    MemoryMaker maker(rig.db);
    co_await maker.Generate(*ParseIso("2024-06-15T13:00:00Z"));
    const auto made = co_await memories.service.List(auth, {});
    EXPECT_EQ(made.size(), 3u);
    const auto today = co_await memories.service.List(auth, {.for_ = "2024-06-15"});
    EXPECT_EQ(today.size(), 2u);
    EXPECT_EQ(today[0].data.year, 2021);
    EXPECT_EQ(today[0].assets.size(), 2u);
    EXPECT_EQ(today[0].memory_at, *ParseIso("2021-06-15T00:00:00Z"));
    EXPECT_EQ(today[0].show_at, *ParseIso("2024-06-15T00:00:00Z"));
    EXPECT_EQ(today[0].hide_at, *ParseIso("2024-06-15T23:59:59.999Z"));
    // Done days stay done, also when the user deletes what was made.
    co_await memories.service.Delete(auth, MemoryId(today[0].id));
    co_await maker.Generate(*ParseIso("2024-06-15T14:00:00Z"));
    EXPECT_EQ(co_await memories.service.Count(auth, {}), 2);
    co_await InsertSeen(rig.db, auth.user.id, "2020-06-19T10:00:00Z");
    co_await maker.Generate(*ParseIso("2024-06-16T00:10:00Z"));
    EXPECT_EQ(co_await memories.service.Count(auth, {}), 3);
  });
}

TEST(MemoryMakerTest, KnowsLeapDaysAndTwentyAssets) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    MemoryRig memories(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    for (int i = 0; i < 25; ++i) co_await InsertSeen(rig.db, auth.user.id, "2020-02-29T10:00:00Z");
    co_await InsertSeen(rig.db, auth.user.id, "2021-02-28T10:00:00Z");
    MemoryMaker maker(rig.db);
    co_await maker.Generate(*ParseIso("2024-02-29T00:10:00Z"));
    const auto made = co_await memories.service.List(auth, {.for_ = "2024-02-29"});
    EXPECT_EQ(made.size(), 1u);
    EXPECT_EQ(made[0].assets.size(), 20u);
    EXPECT_EQ(co_await memories.service.Count(auth, {}), 2);
  });
}

TEST(MemoryMakerTest, ForgetsWhatNobodySaved) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    MemoryRig memories(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    auto saved = Of(2019);
    saved.is_saved = true;
    co_await memories.service.Create(auth, saved);
    co_await memories.service.Create(auth, Of(2020));
    MemoryMaker maker(rig.db);
    co_await maker.CleanUp(Now() + std::chrono::days(29));
    EXPECT_EQ(co_await memories.service.Count(auth, {}), 2);
    co_await maker.CleanUp(Now() + std::chrono::days(31));
    EXPECT_EQ(co_await memories.service.Count(auth, {}), 1);
  });
}

}  // namespace
}  // namespace immich::memories
