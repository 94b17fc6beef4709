#include "server/admin_users/admin_user_service.hpp"

#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"

namespace immich::admin_users {
namespace {

using immich::testing::AccountRig;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

api::UserAdminCreateDto NewUser(std::string email) {
  api::UserAdminCreateDto dto;
  dto.email = std::move(email);
  dto.name = "New";
  dto.password = "secret";
  return dto;
}

TEST(AdminUserServiceTest, CreatesWithEverything) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AdminUserService service(rig.db, rig.jobs, rig.config);
    api::UserAdminCreateDto dto = NewUser("a@example.com");
    dto.quota_size_in_bytes = 5000;
    dto.storage_label = std::string("../La.bel/x");
    dto.pin_code = std::string("123456");
    dto.notify = true;
    const auto made = co_await service.Create(dto);
    EXPECT_EQ(made.quota_size_in_bytes, 5000);
    EXPECT_EQ(made.storage_label, "Labelx");
    EXPECT_FALSE(made.is_admin);
    EXPECT_TRUE(made.should_change_password);
    const AccountSecrets secrets = co_await rig.accounts.GetSecrets(UserId(made.id));
    EXPECT_TRUE(co_await VerifySecret("secret", secrets.password_hash));
    EXPECT_TRUE(co_await VerifySecret("123456", secrets.pin_hash));
    EXPECT_EQ(rig.jobs.queued.size(), 1u);
    EXPECT_EQ(rig.jobs.queued[0].name, "NotifyUserSignup");
    EXPECT_EQ(rig.jobs.queued[0].data, fmt::format(R"({{"id":"{}","password":"secret"}})", made.id.ToString()));
  });
}

TEST(AdminUserServiceTest, RefusesWhatIsTaken) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AdminUserService service(rig.db, rig.jobs, rig.config);
    api::UserAdminCreateDto first = NewUser("a@example.com");
    first.storage_label = std::string("label");
    co_await service.Create(first);
    EXPECT_EQ(co_await Refusal(service.Create(NewUser("a@example.com"))),
              "400 Email already in use by another account");
    api::UserAdminCreateDto second = NewUser("b@example.com");
    second.storage_label = std::string("label");
    EXPECT_EQ(co_await Refusal(service.Create(second)), "400 Storage label already in use by another account");
    second.storage_label = std::string("");
    EXPECT_EQ((co_await service.Create(second)).storage_label, std::nullopt);
    api::UserAdminCreateDto empty = NewUser("c@example.com");
    empty.password = "";
    EXPECT_TRUE((co_await Refusal(service.Create(empty))).starts_with("400 "));
  });
}

TEST(AdminUserServiceTest, UpdatesAndClears) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AdminUserService service(rig.db, rig.jobs, rig.config);
    const AuthContext admin = co_await rig.SignIn("admin@example.com", true);
    const UserId user = co_await rig.AddUser("a@example.com");
    api::UserAdminUpdateDto set;
    set.quota_size_in_bytes = 77;
    set.storage_label = std::string("label");
    set.pin_code = std::string("123456");
    set.is_admin = true;
    const auto changed = co_await service.Update(admin, user, set);
    EXPECT_EQ(changed.quota_size_in_bytes, 77);
    EXPECT_EQ(changed.storage_label, "label");
    EXPECT_TRUE(changed.is_admin);
    api::UserAdminUpdateDto clear;
    clear.quota_size_in_bytes = json::Maybe<std::int64_t>::Null();
    clear.storage_label = std::string("");
    clear.pin_code = json::Maybe<std::string>::Null();
    const auto cleared = co_await service.Update(admin, user, clear);
    EXPECT_EQ(cleared.quota_size_in_bytes, std::nullopt);
    EXPECT_EQ(cleared.storage_label, std::nullopt);
    EXPECT_TRUE((co_await rig.accounts.GetSecrets(user)).pin_hash.empty());
    api::UserAdminUpdateDto demote;
    demote.is_admin = false;
    EXPECT_TRUE((co_await Refusal(service.Update(admin, admin.user.id, demote))).starts_with("400 "));
    EXPECT_EQ(co_await Refusal(service.Update(admin, UserId::Random(), demote)), "400 User not found");
  });
}

TEST(AdminUserServiceTest, DeletesSoftlyAndRestoresWithAlbums) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AdminUserService service(rig.db, rig.jobs, rig.config);
    const AuthContext admin = co_await rig.SignIn("admin@example.com", true);
    const UserId user = co_await rig.AddUser("a@example.com");
    co_await rig.db.RunScript(fmt::format(R"(
      WITH made AS (INSERT INTO album ("albumName") VALUES ('own'), ('other') RETURNING id, "albumName")
      INSERT INTO album_user ("albumId", "userId", role)
      SELECT id, '{}', CASE "albumName" WHEN 'own' THEN 'owner' ELSE 'editor' END::album_user_role_enum FROM made)",
                                          user.ToString()));
    const std::string hidden =
        R"(SELECT coalesce(string_agg("albumName", ','), '') FROM album WHERE "deletedAt" IS NOT NULL)";
    const auto deleted = co_await service.Delete(admin, user, false);
    EXPECT_EQ(deleted.status, api::UserStatus::kDeleted);
    EXPECT_TRUE(deleted.deleted_at);
    EXPECT_EQ(co_await QueryText(rig.db, hidden), "own");
    EXPECT_TRUE(rig.jobs.queued.empty());
    EXPECT_EQ((co_await service.Search({})).size(), 1u);
    EXPECT_EQ((co_await service.Search({.with_deleted = true})).size(), 2u);
    const auto restored = co_await service.Restore(user);
    EXPECT_EQ(restored.status, api::UserStatus::kActive);
    EXPECT_FALSE(restored.deleted_at);
    EXPECT_EQ(co_await QueryText(rig.db, hidden), "");
  });
}

TEST(AdminUserServiceTest, ARemovalCannotBeTakenBack) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    AdminUserService service(rig.db, rig.jobs, rig.config);
    const AuthContext admin = co_await rig.SignIn("admin@example.com", true);
    const UserId user = co_await rig.AddUser("a@example.com");
    EXPECT_EQ(co_await Refusal(service.Delete(admin, admin.user.id, true)), "403 Cannot delete your own account");
    EXPECT_EQ((co_await service.Delete(admin, user, true)).status, api::UserStatus::kRemoving);
    EXPECT_EQ(rig.jobs.queued.size(), 1u);
    EXPECT_EQ(rig.jobs.queued[0].data, fmt::format(R"({{"id":"{}","force":true}})", user.ToString()));
    EXPECT_TRUE((co_await Refusal(service.Restore(user))).starts_with("400 "));
    EXPECT_EQ((co_await service.Delete(admin, user, false)).status, api::UserStatus::kRemoving);
    EXPECT_EQ(co_await Refusal(service.Delete(admin, UserId::Random(), false)), "400 User not found");
  });
}

}  // namespace
}  // namespace immich::admin_users
