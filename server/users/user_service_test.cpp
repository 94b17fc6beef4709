#include "server/users/user_service.hpp"

#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"
#include "server/core/user_view.hpp"

namespace immich::users {
namespace {

using immich::testing::AccountRig;
using immich::testing::QueryNumber;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

TEST(UserServiceTest, ChangesWhatIsGivenAndClearsWhatIsNull) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    UserService service(rig.db, rig.sessions, rig.config);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto before = co_await service.GetMe(auth);
    EXPECT_EQ(before.avatar_color, DefaultAvatarColor("a@example.com"));
    const auto red = co_await service.UpdateMe(auth, {.avatar_color = api::UserAvatarColor::kRed, .name = "New"});
    EXPECT_EQ(red.avatar_color, api::UserAvatarColor::kRed);
    EXPECT_EQ(red.name, "New");
    EXPECT_EQ(red.email, "a@example.com");
    const auto moved = co_await service.UpdateMe(
        auth, {.avatar_color = json::Maybe<api::UserAvatarColor>::Null(), .email = "c@example.com"});
    EXPECT_EQ(moved.avatar_color, DefaultAvatarColor("c@example.com"));
    EXPECT_EQ(moved.name, "New");
    EXPECT_EQ(co_await service.GetMe(auth), moved);
  });
}

TEST(UserServiceTest, RefusesTakenAddresses) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    UserService service(rig.db, rig.sessions, rig.config);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    co_await rig.AddUser("b@example.com");
    EXPECT_EQ(co_await Refusal(service.UpdateMe(auth, {.email = "b@example.com"})),
              "400 Email already in use by another account");
    EXPECT_EQ(co_await Refusal(service.UpdateMe(auth, {.email = "a@example.com"})), "accepted");
  });
}

TEST(UserServiceTest, ANewPasswordEndsOtherSessions) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    UserService service(rig.db, rig.sessions, rig.config);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    co_await rig.BeginSession(auth.user.id);
    const auto account = co_await service.UpdateMe(auth, {.password = "new password"});
    EXPECT_FALSE(account.should_change_password);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM session"), 1);
    const AccountSecrets secrets = co_await rig.accounts.GetSecrets(auth.user.id);
    EXPECT_TRUE(co_await VerifySecret("new password", secrets.password_hash));
  });
}

TEST(UserServiceTest, ShowsOtherUsersUnlessThatIsOff) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    UserService service(rig.db, rig.sessions, rig.config);
    const AuthContext admin = co_await rig.SignIn("admin@example.com", true);
    const AuthContext user = co_await rig.SignIn("a@example.com");
    const UserId deleted = co_await rig.AddUser("gone@example.com");
    co_await rig.db.RunScript(R"(UPDATE "user" SET "deletedAt" = now() WHERE id = ')" + deleted.ToString() + "'");
    EXPECT_EQ((co_await service.Search(user)).size(), 2u);
    EXPECT_EQ(co_await Refusal(service.Get(deleted)), "400 User not found");
    EXPECT_EQ((co_await service.Get(admin.user.id)).email, "admin@example.com");
    api::AdminConfigDto config = rig.config.current();
    config.server.public_users = false;
    co_await rig.config.Save(config);
    const auto seen = co_await service.Search(user);
    EXPECT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].id, user.user.id.value);
    EXPECT_EQ((co_await service.Search(admin)).size(), 2u);
  });
}

TEST(UserServiceTest, RemembersTheIntroduction) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    UserService service(rig.db, rig.sessions, rig.config);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    EXPECT_FALSE((co_await service.GetOnboarding(auth)).is_onboarded);
    EXPECT_TRUE((co_await service.SetOnboarding(auth, {.is_onboarded = true})).is_onboarded);
    EXPECT_TRUE((co_await service.GetOnboarding(auth)).is_onboarded);
    co_await service.DeleteOnboarding(auth);
    EXPECT_FALSE((co_await service.GetOnboarding(auth)).is_onboarded);
  });
}

TEST(UserServiceTest, ShowsALicenceOfAnEarlierInstallation) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    UserService service(rig.db, rig.sessions, rig.config);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    EXPECT_EQ(co_await Refusal(service.GetLicense(auth)), "404 Not Found");
    co_await rig.db.RunScript(R"(INSERT INTO user_metadata ("userId", key, value) VALUES (')" +
                              auth.user.id.ToString() +
                              R"(', 'license', '{"licenseKey": "IMCL-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA",
                                  "activationKey": "x", "activatedAt": "2024-05-06T07:08:09.000Z"}'))");
    EXPECT_EQ((co_await service.GetLicense(auth)).activation_key, "x");
    EXPECT_TRUE((co_await service.GetMe(auth)).license);
    co_await service.DeleteLicense(auth);
    EXPECT_EQ(co_await Refusal(service.GetLicense(auth)), "404 Not Found");
  });
}

}  // namespace
}  // namespace immich::users
