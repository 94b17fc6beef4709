#include "server/api_keys/api_key_service.hpp"

#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"

namespace immich::api_keys {
namespace {

using api::Permission;
using immich::testing::AccountRig;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

Task<AuthContext> WithKey(AccountRig& rig, std::string secret) {
  http::Request request;
  request.headers.Add("x-api-key", secret);
  co_return co_await rig.authenticator.Authenticate(request);
}

TEST(ApiKeyServiceTest, ShowsTheSecretOnce) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    ApiKeyService service(rig.db);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto made = co_await service.Create(auth, {.permissions = {Permission::kAssetRead, Permission::kAlbumRead}});
    EXPECT_EQ(made.name, "API Key");
    EXPECT_EQ(made.api_key.id, made.id);
    EXPECT_EQ(made.permissions, (std::vector{Permission::kAssetRead, Permission::kAlbumRead}));
    const auto listed = co_await service.List(auth);
    EXPECT_EQ(listed, std::vector{made.api_key});
    const AuthContext keyed = co_await WithKey(rig, made.secret);
    EXPECT_EQ(keyed.user.id, auth.user.id);
    EXPECT_TRUE(keyed.api_key->permissions.Allows(Permission::kAssetRead));
    EXPECT_FALSE(keyed.api_key->permissions.Allows(Permission::kAssetDelete));
    EXPECT_EQ(co_await service.GetMine(keyed), made.api_key);
    EXPECT_TRUE((co_await Refusal(service.GetMine(auth))).starts_with("403 "));
  });
}

TEST(ApiKeyServiceTest, AKeyGrantsNothingItDoesNotHave) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    ApiKeyService service(rig.db);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto weak = co_await service.Create(
        auth, {.permissions = {Permission::kApiKeyCreate, Permission::kApiKeyRotate, Permission::kAssetRead}});
    const auto strong = co_await service.Create(auth, {.permissions = {Permission::kAll}});
    const AuthContext keyed = co_await WithKey(rig, weak.secret);
    const std::string expected = "400 Cannot grant permissions you do not have";
    EXPECT_EQ(co_await Refusal(service.Create(keyed, {.permissions = {Permission::kAll}})), expected);
    EXPECT_EQ(co_await Refusal(service.Create(keyed, {.permissions = {Permission::kAssetRead, Permission::kTagRead}})),
              expected);
    EXPECT_EQ(co_await Refusal(service.Update(keyed, ApiKeyId(weak.id), {.permissions = {{Permission::kAll}}})),
              expected);
    EXPECT_EQ(co_await Refusal(service.Rotate(keyed, ApiKeyId(strong.id))), expected);
    EXPECT_EQ(co_await Refusal(service.Create(keyed, {.permissions = {Permission::kAssetRead}})), "accepted");
    const AuthContext full = co_await WithKey(rig, strong.secret);
    EXPECT_EQ(co_await Refusal(service.Create(full, {.permissions = {Permission::kTagRead}})), "accepted");
  });
}

TEST(ApiKeyServiceTest, RotatingReplacesTheSecret) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    ApiKeyService service(rig.db);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const auto made = co_await service.Create(auth, {.name = "mine", .permissions = {Permission::kUserRead}});
    const auto rotated = co_await service.Rotate(auth, ApiKeyId(made.id));
    EXPECT_EQ(rotated.id, made.id);
    EXPECT_EQ(rotated.name, "mine");
    EXPECT_EQ(rotated.permissions, made.permissions);
    EXPECT_EQ(co_await Refusal(WithKey(rig, made.secret)), "401 Invalid API key");
    EXPECT_EQ((co_await WithKey(rig, rotated.secret)).user.id, auth.user.id);
  });
}

TEST(ApiKeyServiceTest, ChangesAndDeletesOwnKeysOnly) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    ApiKeyService service(rig.db);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    const auto made = co_await service.Create(auth, {.name = "old", .permissions = {Permission::kUserRead}});
    const ApiKeyId id(made.id);
    const std::string expected = "400 API Key not found";
    EXPECT_EQ(co_await Refusal(service.Get(other, id)), expected);
    EXPECT_EQ(co_await Refusal(service.Update(other, id, {.name = "x"})), expected);
    EXPECT_EQ(co_await Refusal(service.Rotate(other, id)), expected);
    EXPECT_EQ(co_await Refusal(service.Delete(other, id)), expected);
    const auto renamed = co_await service.Update(auth, id, {.name = "new"});
    EXPECT_EQ(renamed.name, "new");
    EXPECT_EQ(renamed.permissions, made.permissions);
    co_await service.Delete(auth, id);
    EXPECT_EQ(co_await Refusal(service.Delete(auth, id)), expected);
  });
}

}  // namespace
}  // namespace immich::api_keys
