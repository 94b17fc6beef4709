#include "server/auth/auth_service.hpp"

#include "platform/crypto/bcrypt.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/account_store.hpp"
#include "server/core/session_registry.hpp"
#include "server/core/system_config.hpp"
#include "slice_auth_sql.hpp"

namespace immich::auth {

namespace {

std::optional<SessionId> CurrentSession(const AuthContext& auth) {
  return auth.session ? std::optional(auth.session->id) : std::nullopt;
}

std::optional<std::string> ToText(const std::optional<TimePoint>& time) {
  return time ? std::optional(ToIsoString(*time)) : std::nullopt;
}

}  // namespace

Task<api::UserAdminResponseDto> AuthService::SignUpAdmin(api::SignUpDto dto) {
  if (!allow_setup_) throw BadRequest("Admin setup is disabled");
  NewAccount account;
  account.email = std::move(dto.email);
  account.name = std::move(dto.name);
  account.is_admin = true;
  account.storage_label = "admin";
  account.password_hash = co_await HashSecret(std::move(dto.password));
  std::optional<api::UserAdminResponseDto> made;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    AccountStore accounts{tx};
    if (co_await accounts.HasAdminLocked()) throw BadRequest("The server already has an admin");
    made = co_await accounts.Insert(account);
  });
  co_return std::move(*made);
}

Task<api::LoginResponseDto> AuthService::Login(api::LoginCredentialDto dto, ClientDevice device) {
  if (!config_.current().password_login.enabled) throw Unauthorized("Password login has been disabled");
  pg::Params params{dto.email};
  const pg::Result found = co_await db_.Run(sql::kAuthLoginFind, std::move(params));
  std::string hash = found.empty() ? std::string{} : found[0].Get<std::string>(6);
  const bool has_password = !hash.empty();
  if (!has_password) hash = crypto::UnknownUserHash();
  const bool matches = co_await VerifySecret(std::move(dto.password), std::move(hash));
  if (!has_password || !matches) throw Unauthorized("Incorrect email or password");

  const pg::Row row = found[0];
  NewSession session;
  session.user = row.Get<UserId>(0);
  session.device = std::move(device);
  BegunSession begun = co_await sessions_->Begin(std::move(session));
  api::LoginResponseDto response;
  response.access_token = std::move(begun.token);
  response.user_id = row.Get<Uuid>(0);
  response.name = row.Get<std::string>(1);
  response.user_email = row.Get<std::string>(2);
  response.is_admin = row.Get<bool>(3);
  response.should_change_password = row.Get<bool>(4);
  response.profile_image_path = row.Get<std::string>(5);
  response.is_onboarded = row.Get<bool>(7);
  co_return response;
}

Task<api::LogoutResponseDto> AuthService::Logout(const AuthContext& auth) {
  if (auth.session) co_await sessions_->End(auth.session->id);
  api::LogoutResponseDto response;
  response.successful = true;
  response.redirect_uri = "/auth/login?autoLaunch=0";
  co_return response;
}

Task<api::UserAdminResponseDto> AuthService::ChangePassword(const AuthContext& auth, api::ChangePasswordDto dto) {
  AccountStore accounts{db_};
  AccountSecrets secrets = co_await accounts.GetSecrets(auth.user.id);
  const bool matches = co_await VerifySecret(std::move(dto.password), std::move(secrets.password_hash));
  if (!matches) throw BadRequest("Wrong password");
  AccountChanges changes;
  changes.password_hash = co_await HashSecret(std::move(dto.new_password));
  changes.should_change_password = false;
  auto account = co_await accounts.Update(auth.user.id, std::move(changes));
  // Compat: POST /auth/change-password: other sessions end whatever `invalidateSessions` says.
  co_await sessions_->EndOthers(auth.user.id, CurrentSession(auth));
  co_return account;
}

Task<api::AuthStatusResponseDto> AuthService::Status(const AuthContext& auth) {
  AccountStore accounts{db_};
  const AccountSecrets secrets = co_await accounts.GetSecrets(auth.user.id);
  api::AuthStatusResponseDto status;
  status.password = !secrets.password_hash.empty();
  status.pin_code = !secrets.pin_hash.empty();
  status.is_elevated = auth.is_elevated();
  if (!auth.session) co_return status;
  pg::Params params{auth.session->id};
  const pg::Result times = co_await db_.Run(sql::kAuthSessionTimesGet, std::move(params));
  if (times.empty()) co_return status;
  status.expires_at = ToText(times[0].Find<TimePoint>(0));
  status.pin_expires_at = ToText(times[0].Find<TimePoint>(1));
  co_return status;
}

}  // namespace immich::auth
