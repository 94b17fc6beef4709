#include "server/stacks/stack_service.hpp"

#include <gtest/gtest.h>

#include "server/core/access.hpp"
#include "server/core/testing/account_rig.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::stacks {
namespace {

using immich::testing::AccountRig;
using immich::testing::InsertAsset;
using immich::testing::QueryNumber;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

struct StackRig {
  explicit StackRig(AccountRig& accounts) : access(accounts.db), service(accounts.db, access, accounts.events) {}
  Access access;
  StackService service;
};

Task<std::vector<AssetId>> InsertAssets(pg::Db& db, UserId owner, int count) {
  std::vector<AssetId> ids;
  for (int i = 0; i < count; ++i) {
    ids.push_back(co_await InsertAsset(db, {.owner = owner, .taken = fmt::format("2024-01-0{}T10:00:00Z", i + 1)}));
  }
  co_return ids;
}

TEST(StackServiceTest, PutsTheFirstOnTop) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    StackRig stacks(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto ids = co_await InsertAssets(rig.db, auth.user.id, 3);
    std::vector<AssetId> members{ids[2], ids[1], ids[0]};
    const auto stack = co_await stacks.service.Create(auth, members);
    EXPECT_EQ(stack.primary_asset_id, ids[2].value);
    EXPECT_EQ(stack.assets.size(), 3u);
    EXPECT_EQ(stack.assets[0].id, ids[2].value);
    EXPECT_EQ(stack.assets[1].id, ids[0].value);
    EXPECT_TRUE(stack.assets[0].exif_info.has_value());
    EXPECT_EQ((co_await stacks.service.List(auth, ids[2])).size(), 1u);
    EXPECT_TRUE((co_await stacks.service.List(auth, ids[1])).empty());
  });
}

TEST(StackServiceTest, TakesInOtherStacks) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    StackRig stacks(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto ids = co_await InsertAssets(rig.db, auth.user.id, 4);
    std::vector<AssetId> first{ids[0], ids[1]}, second{ids[2], ids[0]};
    co_await stacks.service.Create(auth, first);
    const auto merged = co_await stacks.service.Create(auth, second);
    EXPECT_EQ(merged.assets.size(), 3u);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM stack"), 1);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM stack_audit"), 1);
  });
}

TEST(StackServiceTest, RefusesForeignAssetsAndStacks) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    StackRig stacks(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    const auto mine = co_await InsertAssets(rig.db, auth.user.id, 2);
    const auto foreign = co_await InsertAssets(rig.db, other.user.id, 1);
    std::vector<AssetId> mixed{mine[0], foreign[0]};
    EXPECT_EQ(co_await Refusal(stacks.service.Create(auth, mixed)), "400 Not found or no asset.update access");
    const StackId id((co_await stacks.service.Create(auth, mine)).id);
    std::vector<StackId> one{id};
    EXPECT_EQ(co_await Refusal(stacks.service.Get(other, id)), "400 Not found or no stack.read access");
    EXPECT_EQ(co_await Refusal(stacks.service.Delete(other, one)), "400 Not found or no stack.delete access");
    EXPECT_EQ(co_await Refusal(stacks.service.RemoveAsset(other, id, mine[1])),
              "400 Not found or no stack.update access");
  });
}

TEST(StackServiceTest, KeepsTheAssetOnTopInside) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    StackRig stacks(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto ids = co_await InsertAssets(rig.db, auth.user.id, 4);
    std::vector<AssetId> members{ids[0], ids[1], ids[2]};
    const StackId id((co_await stacks.service.Create(auth, members)).id);
    EXPECT_TRUE((co_await Refusal(stacks.service.RemoveAsset(auth, id, ids[0]))).starts_with("400 "));
    EXPECT_TRUE((co_await Refusal(stacks.service.RemoveAsset(auth, id, ids[3]))).starts_with("400 "));
    EXPECT_TRUE((co_await Refusal(stacks.service.SetPrimary(auth, id, ids[3]))).starts_with("400 "));
    EXPECT_EQ((co_await stacks.service.SetPrimary(auth, id, ids[1])).primary_asset_id, ids[1].value);
    co_await stacks.service.RemoveAsset(auth, id, ids[0]);
    EXPECT_EQ((co_await stacks.service.Get(auth, id)).assets.size(), 2u);
    std::vector<StackId> one{id};
    co_await stacks.service.Delete(auth, one);
    EXPECT_EQ(co_await QueryNumber(rig.db, R"(SELECT count(*) FROM asset WHERE "stackId" IS NULL)"), 4);
  });
}

}  // namespace
}  // namespace immich::stacks
