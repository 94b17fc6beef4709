#include "server/admin_tool/admin_commands.hpp"

#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"

namespace immich::admin_tool {
namespace {

using immich::testing::AccountRig;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

TEST(AdminCommandsTest, GivesTheFirstAdministratorAPassword) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AdminCommands commands(rig.db, rig.config);
    EXPECT_EQ(co_await Refusal(commands.ResetAdminPassword("x")),
              "400 There is no administrator yet: open the web app and make one");
    co_await rig.AddUser("user@example.com");
    const UserId admin = co_await rig.AddUser("admin@example.com", true);
    co_await rig.AddUser("second@example.com", true);
    const auto given = co_await commands.ResetAdminPassword("chosen");
    EXPECT_EQ(given.email, "admin@example.com");
    AccountSecrets secrets = co_await rig.accounts.GetSecrets(admin);
    EXPECT_TRUE(co_await VerifySecret("chosen", secrets.password_hash));
    const auto made_up = co_await commands.ResetAdminPassword("");
    EXPECT_EQ(made_up.password.size(), 20u);
    secrets = co_await rig.accounts.GetSecrets(admin);
    EXPECT_TRUE(co_await VerifySecret(made_up.password, secrets.password_hash));
  });
}

TEST(AdminCommandsTest, MakesAdministratorsAndKeepsTheLast) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AdminCommands commands(rig.db, rig.config);
    co_await rig.AddUser("a@example.com", true);
    co_await rig.AddUser("b@example.com");
    EXPECT_EQ(co_await Refusal(commands.SetAdmin("c@example.com", true)),
              "400 No account has the address c@example.com");
    EXPECT_EQ(co_await Refusal(commands.SetAdmin("a@example.com", false)),
              "400 a@example.com is the only administrator");
    co_await commands.SetAdmin("b@example.com", true);
    co_await commands.SetAdmin("a@example.com", false);
    const auto users = co_await commands.ListUsers();
    EXPECT_EQ(users.size(), 2u);
    if (users.size() != 2) co_return;
    EXPECT_EQ(users[0].email, "a@example.com");
    EXPECT_FALSE(users[0].is_admin);
    EXPECT_TRUE(users[1].is_admin);
  });
}

TEST(AdminCommandsTest, SwitchesWaysToLogIn) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AdminCommands commands(rig.db, rig.config);
    co_await commands.SetPasswordLogin(false);
    SystemConfig stored(rig.db, {});
    co_await stored.Load();
    EXPECT_FALSE(stored.current().password_login.enabled);
    EXPECT_EQ(co_await Refusal(commands.SetOAuthLogin(true)),
              "400 OAuth has no issuer address yet: set it in the web app first");
    co_await commands.SetOAuthLogin(false);
    co_await commands.SetPasswordLogin(true);
    co_await stored.Load();
    EXPECT_TRUE(stored.current().password_login.enabled);
  });
}

}  // namespace
}  // namespace immich::admin_tool
