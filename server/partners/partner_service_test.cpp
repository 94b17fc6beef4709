#include "server/partners/partner_service.hpp"

#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"

namespace immich::partners {
namespace {

using api::PartnerDirection;
using immich::testing::AccountRig;
using immich::testing::QueryNumber;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

TEST(PartnerServiceTest, SharesInOneDirection) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    PartnerService service(rig.db);
    const AuthContext sharer = co_await rig.SignIn("a@example.com");
    const AuthContext receiver = co_await rig.SignIn("b@example.com");
    const auto made = co_await service.Create(sharer, receiver.user.id);
    EXPECT_EQ(made.id, receiver.user.id.value);
    EXPECT_EQ(made.in_timeline, false);
    EXPECT_EQ((co_await service.List(sharer, PartnerDirection::kSharedBy)).size(), 1u);
    EXPECT_TRUE((co_await service.List(sharer, PartnerDirection::kSharedWith)).empty());
    const auto seen = co_await service.List(receiver, PartnerDirection::kSharedWith);
    EXPECT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].id, sharer.user.id.value);
    EXPECT_EQ(seen[0].email, "a@example.com");
  });
}

TEST(PartnerServiceTest, OnlyTheReceiverShowsIt) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    PartnerService service(rig.db);
    const AuthContext sharer = co_await rig.SignIn("a@example.com");
    const AuthContext receiver = co_await rig.SignIn("b@example.com");
    co_await service.Create(sharer, receiver.user.id);
    const auto changed = co_await service.Update(receiver, sharer.user.id, true);
    EXPECT_EQ(changed.id, sharer.user.id.value);
    EXPECT_EQ(changed.in_timeline, true);
    EXPECT_EQ(co_await Refusal(service.Update(sharer, receiver.user.id, true)),
              "400 Not found or no partner.update access");
  });
}

TEST(PartnerServiceTest, RefusesRepeatsStrangersAndOneself) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    PartnerService service(rig.db);
    const AuthContext sharer = co_await rig.SignIn("a@example.com");
    const AuthContext receiver = co_await rig.SignIn("b@example.com");
    co_await service.Create(sharer, receiver.user.id);
    EXPECT_EQ(co_await Refusal(service.Create(sharer, receiver.user.id)), "400 Partner already exists");
    EXPECT_EQ(co_await Refusal(service.Create(sharer, UserId::Random())), "400 User not found");
    EXPECT_TRUE((co_await Refusal(service.Create(sharer, sharer.user.id))).starts_with("400 "));
    EXPECT_EQ(co_await Refusal(service.Delete(receiver, sharer.user.id)), "400 Partner not found");
    co_await service.Delete(sharer, receiver.user.id);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM partner"), 0);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM partner_audit"), 1);
  });
}

}  // namespace
}  // namespace immich::partners
