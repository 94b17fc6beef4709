#include "server/users/user_service.hpp"

#include "api/codec/contract_writer.hpp"
#include "api/codec/json_text.hpp"
#include "core_sql.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/account_store.hpp"
#include "server/core/session_registry.hpp"
#include "server/core/system_config.hpp"
#include "server/core/user_view.hpp"
#include "slice_users_sql.hpp"

namespace immich::users {

namespace {

constexpr std::string_view kOnboardingKey = "onboarding";
constexpr std::string_view kLicenseKey = "license";

}  // namespace

Task<api::UserAdminResponseDto> UserService::GetMe(const AuthContext& auth) {
  AccountStore accounts{db_};
  co_return co_await accounts.Get(auth.user.id);
}

Task<api::UserAdminResponseDto> UserService::UpdateMe(const AuthContext& auth, api::UserUpdateMeDto dto) {
  AccountChanges changes;
  changes.email = std::move(dto.email);
  changes.name = std::move(dto.name);
  changes.avatar_color = dto.avatar_color;
  const bool new_password = dto.password && !dto.password->empty();
  if (new_password) {
    changes.password_hash = co_await HashSecret(std::move(*dto.password));
    changes.should_change_password = false;
  }
  AccountStore accounts{db_};
  auto account = co_await accounts.Update(auth.user.id, std::move(changes));
  if (new_password) {
    const auto current = auth.session ? std::optional(auth.session->id) : std::nullopt;
    co_await sessions_->EndOthers(auth.user.id, current);
  }
  co_return account;
}

Task<std::vector<api::UserResponseDto>> UserService::Search(const AuthContext& auth) {
  const bool sees_all = auth.user.is_admin || config_.current().server.public_users;
  pg::Params params{sees_all ? std::nullopt : std::optional(auth.user.id)};
  std::vector<api::UserResponseDto> users;
  for (const pg::Row row : co_await db_.Run(sql::kUserViewList, std::move(params)))
    users.push_back(ReadUserView(row, 0));
  co_return users;
}

Task<api::UserResponseDto> UserService::Get(UserId id) {
  pg::Params params{id};
  const pg::Result found = co_await db_.Run(sql::kUserViewList, std::move(params));
  if (found.empty()) throw BadRequest("User not found");
  co_return ReadUserView(found[0], 0);
}

Task<api::OnboardingResponseDto> UserService::GetOnboarding(const AuthContext& auth) {
  pg::Params params{auth.user.id, kOnboardingKey};
  const pg::Result found = co_await db_.Run(sql::kUserMetadataFind, std::move(params));
  api::OnboardingResponseDto onboarding;
  if (!found.empty()) {
    onboarding.is_onboarded = api::FromJson<api::OnboardingDto>(found[0].Get<std::string>(0)).is_onboarded;
  }
  co_return onboarding;
}

Task<api::OnboardingResponseDto> UserService::SetOnboarding(const AuthContext& auth, api::OnboardingDto dto) {
  const api::OnboardingResponseDto onboarding{.is_onboarded = dto.is_onboarded};
  const std::string value = api::ToJson(onboarding);
  pg::Params params{auth.user.id, kOnboardingKey, pg::Json{value}};
  co_await db_.Run(sql::kUserMetadataSet, std::move(params));
  co_return onboarding;
}

Task<void> UserService::DeleteOnboarding(const AuthContext& auth) {
  pg::Params params{auth.user.id, kOnboardingKey};
  co_await db_.Run(sql::kUserMetadataDelete, std::move(params));
}

Task<api::UserLicense> UserService::GetLicense(const AuthContext& auth) {
  AccountStore accounts{db_};
  const api::UserAdminResponseDto account = co_await accounts.Get(auth.user.id);
  if (!account.license) throw NotFound("Not Found");
  co_return *account.license;
}

Task<void> UserService::DeleteLicense(const AuthContext& auth) {
  pg::Params params{auth.user.id, kLicenseKey};
  co_await db_.Run(sql::kUserMetadataDelete, std::move(params));
}

}  // namespace immich::users
