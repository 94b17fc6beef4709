#include "server/auth/pin_service.hpp"

#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/account_store.hpp"
#include "slice_auth_sql.hpp"

namespace immich::auth {

namespace {

SessionId RequireSession(const AuthContext& auth) {
  if (!auth.session) throw BadRequest("This endpoint can only be used with a session token");
  return auth.session->id;
}

}  // namespace

Task<void> PinService::Verify(UserId user, std::optional<std::string> pin_code, std::optional<std::string> password) {
  AccountStore accounts{db_};
  AccountSecrets secrets = co_await accounts.GetSecrets(user);
  if (secrets.pin_hash.empty()) throw BadRequest("User does not have a PIN code");
  if (pin_code && !pin_code->empty()) {
    const bool matches = co_await VerifySecret(std::move(*pin_code), std::move(secrets.pin_hash));
    if (!matches) throw BadRequest("Wrong PIN code");
  } else if (password && !password->empty()) {
    const bool matches = co_await VerifySecret(std::move(*password), std::move(secrets.password_hash));
    if (!matches) throw BadRequest("Wrong password");
  } else {
    throw BadRequest("Either password or pinCode is required");
  }
}

Task<void> PinService::Setup(const AuthContext& auth, api::PinCodeSetupDto dto) {
  const std::string hash = co_await HashSecret(std::move(dto.pin_code));
  pg::Params params{auth.user.id, hash};
  const pg::Result changed = co_await db_.Run(sql::kAuthPinSetFirst, std::move(params));
  if (changed.empty()) throw BadRequest("User already has a PIN code");
}

Task<void> PinService::Change(const AuthContext& auth, api::PinCodeChangeDto dto) {
  co_await Verify(auth.user.id, std::move(dto.pin_code), std::move(dto.password));
  AccountChanges changes;
  changes.pin_hash = co_await HashSecret(std::move(dto.new_pin_code));
  AccountStore accounts{db_};
  co_await accounts.Update(auth.user.id, std::move(changes));
}

Task<void> PinService::Reset(const AuthContext& auth, api::PinCodeResetDto dto) {
  const UserId user = auth.user.id;
  co_await Verify(user, std::move(dto.pin_code), std::move(dto.password));
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    AccountChanges changes;
    changes.pin_hash = json::Maybe<std::string>::Null();
    AccountStore accounts{tx};
    co_await accounts.Update(user, std::move(changes));
    pg::Params params{user};
    co_await tx.Run(sql::kAuthUserSessionsLock, std::move(params));
  });
}

Task<void> PinService::Unlock(const AuthContext& auth, api::SessionUnlockDto dto) {
  const SessionId session = RequireSession(auth);
  // Compat: POST /auth/session/unlock: the password does not open it, although the contract has the member.
  co_await Verify(auth.user.id, std::move(dto.pin_code), std::nullopt);
  pg::Params params{session, Now() + kElevation};
  co_await db_.Run(sql::kAuthSessionElevationSet, std::move(params));
}

Task<void> PinService::Lock(const AuthContext& auth) {
  pg::Params params{RequireSession(auth), nullptr};
  co_await db_.Run(sql::kAuthSessionElevationSet, std::move(params));
}

}  // namespace immich::auth
