#include "server/auth/auth_service.hpp"

#include <gtest/gtest.h>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "server/core/testing/account_rig.hpp"

namespace immich::auth {
namespace {

using immich::testing::AccountRig;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

AuthService MakeService(AccountRig& rig, bool allow_setup = true) {
  return AuthService(rig.db, rig.sessions, rig.config, allow_setup);
}

api::SignUpDto SignUp(std::string email) {
  return {.email = std::move(email), .name = "Admin", .password = "correct horse"};
}

TEST(AuthServiceTest, SignsUpOneAdministratorOnly) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AuthService service = MakeService(rig);
    const auto admin = co_await service.SignUpAdmin(SignUp("admin@example.com"));
    EXPECT_TRUE(admin.is_admin);
    EXPECT_EQ(admin.storage_label, "admin");
    EXPECT_EQ(admin.email, "admin@example.com");
    EXPECT_EQ(admin.status, api::UserStatus::kActive);
    EXPECT_EQ(admin.cluster_group_id, admin.id);
    EXPECT_EQ(co_await Refusal(service.SignUpAdmin(SignUp("b@example.com"))), "400 The server already has an admin");
    EXPECT_EQ(co_await QueryNumber(rig.db, R"(SELECT count(*) FROM "user")"), 1);
  });
}

TEST(AuthServiceTest, OfSignUpsAtTheSameTimeOneWins) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AuthService service = MakeService(rig);
    // All permits are taken; each attempt gives one back.
    constexpr int kAttempts = 4;
    Semaphore done(kAttempts);
    for (int i = 0; i < kAttempts; ++i) co_await done.Acquire();
    int accepted = 0;
    for (int i = 0; i < kAttempts; ++i) {
      auto attempt = [](AuthService& auth, int number, Semaphore& finished, int& wins) -> Task<void> {
        const std::string outcome = co_await Refusal(auth.SignUpAdmin(SignUp(fmt::format("a{}@example.com", number))));
        if (outcome == "accepted") ++wins;
        finished.Release();
      };
      Spawn(rig.db.executor(), "sign-up", attempt(service, i, done, accepted));
    }
    for (int i = 0; i < kAttempts; ++i) co_await done.Acquire();
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(co_await QueryNumber(rig.db, R"(SELECT count(*) FROM "user" WHERE "isAdmin")"), 1);
  });
}

TEST(AuthServiceTest, RefusesSignUpWhenSetupIsOff) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AuthService service = MakeService(rig, false);
    const std::string outcome = co_await Refusal(service.SignUpAdmin(SignUp("admin@example.com")));
    EXPECT_TRUE(outcome.starts_with("400 ")) << outcome;
    EXPECT_EQ(co_await QueryNumber(rig.db, R"(SELECT count(*) FROM "user")"), 0);
  });
}

TEST(AuthServiceTest, LogsInAndStoresOnlyTheDigestOfTheToken) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AuthService service = MakeService(rig);
    const UserId user = co_await rig.AddUser("a@example.com");
    const ClientDevice device{.type = "Pixel 9", .os = "Android", .app_version = "3.2.1"};
    const auto login = co_await service.Login({.email = "a@example.com", .password = "secret a@example.com"}, device);
    EXPECT_EQ(login.user_id, user.value);
    EXPECT_EQ(login.user_email, "a@example.com");
    EXPECT_FALSE(login.is_onboarded);
    EXPECT_TRUE(login.should_change_password);
    const AuthContext auth = co_await rig.Authenticate(login.access_token);
    EXPECT_EQ(auth.user.id, user);
    const std::string digest = crypto::ToHex(crypto::HashSha256(login.access_token));
    EXPECT_EQ(co_await QueryText(rig.db, R"(SELECT encode(token, 'hex') FROM session)"), digest);
    EXPECT_EQ(
        co_await QueryText(rig.db, R"(SELECT concat_ws('|', "deviceType", "deviceOS", "appVersion") FROM session)"),
        "Pixel 9|Android|3.2.1");
  });
}

TEST(AuthServiceTest, SaysTheSameOfWrongPasswordsUnknownUsersAndAccountsWithoutPassword) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AuthService service = MakeService(rig);
    co_await rig.AddUser("a@example.com");
    NewAccount without_password;
    without_password.email = "oauth@example.com";
    co_await rig.accounts.Insert(without_password);
    const std::string expected = "401 Incorrect email or password";
    EXPECT_EQ(co_await Refusal(service.Login({.email = "a@example.com", .password = "x"}, {})), expected);
    EXPECT_EQ(co_await Refusal(service.Login({.email = "b@example.com", .password = "x"}, {})), expected);
    EXPECT_EQ(co_await Refusal(service.Login({.email = "oauth@example.com", .password = ""}, {})), expected);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM session"), 0);
  });
}

TEST(AuthServiceTest, RefusesPasswordsWhenThatIsConfigured) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AuthService service = MakeService(rig);
    co_await rig.AddUser("a@example.com");
    api::AdminConfigDto config = rig.config.current();
    config.password_login.enabled = false;
    co_await rig.config.Save(config);
    EXPECT_EQ(co_await Refusal(service.Login({.email = "a@example.com", .password = "secret a@example.com"}, {})),
              "401 Password login has been disabled");
  });
}

TEST(AuthServiceTest, LogoutEndsTheSessionAndItsChildren) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AuthService service = MakeService(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.BeginSession(auth.user.id);
    NewSession child;
    child.user = auth.user.id;
    child.parent = auth.session->id;
    const BegunSession begun = co_await rig.sessions->Begin(std::move(child));
    const auto logout = co_await service.Logout(auth);
    EXPECT_TRUE(logout.successful);
    EXPECT_EQ(logout.redirect_uri, "/auth/login?autoLaunch=0");
    EXPECT_EQ(co_await Refusal(rig.Authenticate(begun.token)), "401 Invalid user token");
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT id::text FROM session"), other.session->id.ToString());
  });
}

TEST(AuthServiceTest, ANewPasswordEndsTheOtherSessions) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AuthService service = MakeService(rig);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    co_await rig.BeginSession(auth.user.id);
    const AuthContext stranger = co_await rig.SignIn("b@example.com");
    EXPECT_EQ(co_await Refusal(service.ChangePassword(auth, {.new_password = "long enough", .password = "wrong"})),
              "400 Wrong password");
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM session"), 3);
    const auto account =
        co_await service.ChangePassword(auth, {.new_password = "long enough", .password = "secret a@example.com"});
    EXPECT_FALSE(account.should_change_password);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM session"), 2);
    EXPECT_EQ(co_await Refusal(service.Login({.email = "a@example.com", .password = "secret a@example.com"}, {})),
              "401 Incorrect email or password");
    co_await service.Login({.email = "a@example.com", .password = "long enough"}, {});
    EXPECT_EQ((co_await service.Status(stranger)).password, true);
  });
}

}  // namespace
}  // namespace immich::auth
