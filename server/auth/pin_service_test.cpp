#include "server/auth/pin_service.hpp"

#include <gtest/gtest.h>

#include "server/auth/auth_service.hpp"
#include "server/core/testing/account_rig.hpp"

namespace immich::auth {
namespace {

using immich::testing::AccountRig;
using immich::testing::QueryNumber;
using immich::testing::Refusal;
using immich::testing::WithAccounts;

TEST(PinServiceTest, SetsChangesAndRemovesTheCode) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    PinService pins(rig.db);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    EXPECT_EQ(co_await Refusal(pins.Change(auth, {.new_pin_code = "222222", .pin_code = "111111"})),
              "400 User does not have a PIN code");
    co_await pins.Setup(auth, {.pin_code = "111111"});
    EXPECT_TRUE((co_await Refusal(pins.Setup(auth, {.pin_code = "222222"}))).starts_with("400 "));
    EXPECT_EQ(co_await Refusal(pins.Change(auth, {.new_pin_code = "222222", .pin_code = "999999"})),
              "400 Wrong PIN code");
    EXPECT_EQ(co_await Refusal(pins.Change(auth, {.new_pin_code = "222222", .password = "wrong"})),
              "400 Wrong password");
    EXPECT_EQ(co_await Refusal(pins.Change(auth, {.new_pin_code = "222222"})),
              "400 Either password or pinCode is required");
    co_await pins.Change(auth, {.new_pin_code = "222222", .pin_code = "111111"});
    co_await pins.Change(auth, {.new_pin_code = "333333", .password = "secret a@example.com"});
    EXPECT_EQ(co_await Refusal(pins.Reset(auth, {.pin_code = "222222"})), "400 Wrong PIN code");
    co_await pins.Reset(auth, {.pin_code = "333333"});
    AuthService service(rig.db, rig.sessions, rig.config, true);
    EXPECT_FALSE((co_await service.Status(auth)).pin_code);
  });
}

TEST(PinServiceTest, ElevatesOneSessionForFifteenMinutes) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    PinService pins(rig.db);
    const UserId user = co_await rig.AddUser("a@example.com");
    const BegunSession begun =
        co_await rig.sessions->Begin({.user = user, .device = {}, .parent = {}, .expires_at = {}});
    const AuthContext auth = co_await rig.Authenticate(begun.token);
    const AuthContext other = co_await rig.BeginSession(user);
    co_await pins.Setup(auth, {.pin_code = "111111"});
    EXPECT_EQ(co_await Refusal(pins.Unlock(auth, {.password = "secret a@example.com"})),
              "400 Either password or pinCode is required");
    co_await pins.Unlock(auth, {.pin_code = "111111"});
    EXPECT_TRUE((co_await rig.Authenticate(begun.token)).is_elevated());
    EXPECT_EQ(co_await QueryNumber(rig.db, R"(SELECT count(*) FROM session WHERE "pinExpiresAt" IS NOT NULL)"), 1);
    EXPECT_EQ(co_await QueryNumber(rig.db, R"(SELECT count(*) FROM session WHERE "pinExpiresAt"
        BETWEEN now() + interval '14 minutes' AND now() + interval '15 minutes')"),
              1);
    co_await pins.Lock(auth);
    EXPECT_FALSE((co_await rig.Authenticate(begun.token)).is_elevated());
    co_await pins.Unlock(auth, {.pin_code = "111111"});
    co_await pins.Unlock(other, {.pin_code = "111111"});
    co_await pins.Reset(auth, {.password = "secret a@example.com"});
    EXPECT_EQ(co_await QueryNumber(rig.db, R"(SELECT count(*) FROM session WHERE "pinExpiresAt" IS NOT NULL)"), 0);
  });
}

TEST(PinServiceTest, NeverElevatesApiKeys) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    PinService pins(rig.db);
    AuthContext auth = co_await rig.SignIn("a@example.com");
    auth.session.reset();
    auth.api_key.emplace();
    const std::string expected = "400 This endpoint can only be used with a session token";
    EXPECT_EQ(co_await Refusal(pins.Unlock(auth, {.pin_code = "111111"})), expected);
    EXPECT_EQ(co_await Refusal(pins.Lock(auth)), expected);
  });
}

}  // namespace
}  // namespace immich::auth
