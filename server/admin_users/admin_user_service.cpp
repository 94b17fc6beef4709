#include "server/admin_users/admin_user_service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platform/error/error.hpp"
#include "platform/fs/file_name.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/account_store.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/system_config.hpp"
#include "slice_admin_users_sql.hpp"

namespace immich::admin_users {

namespace {

/// A label is a folder name below `library`. Compat: dots go, so that no label is `..` or hidden; empty means none.
std::optional<std::string> CleanLabel(const std::optional<std::string>& wanted) {
  if (!wanted) return std::nullopt;
  std::string label = *wanted;
  std::erase(label, '.');
  label = fs::SanitizeFileName(label);
  return label.empty() ? std::nullopt : std::optional(std::move(label));
}

json::Maybe<std::string> CleanLabel(const json::Maybe<std::string>& wanted) {
  if (wanted.is_absent()) return {};
  auto label = CleanLabel(wanted.nullable());
  return label ? json::Maybe<std::string>(std::move(*label)) : json::Maybe<std::string>::Null();
}

/// The mail to the new user tells the password.
std::string SignupJobData(const Uuid& user, const std::string& password) {
  std::string data = fmt::format(R"({{"id":"{}","password":)", user.ToString());
  json::AppendString(data, password);
  data += '}';
  return data;
}

}  // namespace

Task<std::vector<api::UserAdminResponseDto>> AdminUserService::Search(api::SearchUsersAdmin::Input filter) {
  AccountStore accounts{db_};
  const auto only = filter.id ? std::optional(UserId(*filter.id)) : std::nullopt;
  co_return co_await accounts.List(only, filter.with_deleted.value_or(false));
}

Task<api::UserAdminResponseDto> AdminUserService::Get(UserId id) {
  AccountStore accounts{db_};
  co_return co_await accounts.Get(id, true);
}

Task<api::UserAdminResponseDto> AdminUserService::Create(api::UserAdminCreateDto dto) {
  if (dto.password.empty() && !config_.current().oauth.enabled) throw BadRequest("password is required");
  NewAccount account;
  account.email = std::move(dto.email);
  account.name = std::move(dto.name);
  account.is_admin = dto.is_admin.value_or(false);
  account.should_change_password = dto.should_change_password.value_or(true);
  account.storage_label = CleanLabel(dto.storage_label.nullable());
  account.quota_size_bytes = dto.quota_size_in_bytes.nullable();
  account.avatar_color = dto.avatar_color.nullable();
  if (!dto.password.empty()) account.password_hash = co_await HashSecret(dto.password);
  if (dto.pin_code.has_value()) account.pin_hash = co_await HashSecret(*dto.pin_code);
  AccountStore accounts{db_};
  auto made = co_await accounts.Insert(std::move(account));
  if (dto.notify.value_or(false)) {
    std::vector<JobSink::Request> jobs;
    jobs.push_back({.name = "NotifyUserSignup", .data = SignupJobData(made.id, dto.password), .options = {}});
    co_await jobs_.EnqueueOrLog(std::move(jobs));
  }
  co_return made;
}

Task<api::UserAdminResponseDto> AdminUserService::Update(const AuthContext& auth, UserId id,
                                                         api::UserAdminUpdateDto dto) {
  if (dto.is_admin && id == auth.user.id && *dto.is_admin != auth.user.is_admin) {
    throw BadRequest("Admin status can only be changed by another admin");
  }
  AccountChanges changes;
  changes.email = std::move(dto.email);
  changes.name = std::move(dto.name);
  changes.is_admin = dto.is_admin;
  changes.should_change_password = dto.should_change_password;
  changes.avatar_color = dto.avatar_color;
  changes.quota_size_bytes = dto.quota_size_in_bytes;
  changes.storage_label = CleanLabel(dto.storage_label);
  if (dto.password && !dto.password->empty()) changes.password_hash = co_await HashSecret(std::move(*dto.password));
  if (dto.pin_code.has_value()) {
    changes.pin_hash = co_await HashSecret(*dto.pin_code);
  } else if (dto.pin_code.is_null()) {
    changes.pin_hash = json::Maybe<std::string>::Null();
  }
  if (changes.quota_size_bytes.has_value()) {
    pg::Params params{id};
    co_await db_.Run(sql::kUserUsageSync, std::move(params));
  }
  AccountStore accounts{db_};
  co_return co_await accounts.Update(id, std::move(changes));
}

Task<api::UserAdminResponseDto> AdminUserService::Delete(const AuthContext& auth, UserId id, bool force) {
  if (id == auth.user.id) throw Forbidden("Cannot delete your own account");
  pg::Params params{id, force ? "removing" : "deleted"};
  const pg::Result marked = co_await db_.Run(sql::kAdminUserMarkDeleted, std::move(params));
  if (marked.empty()) throw BadRequest("User not found");
  if (force) {
    // Should Redis be away, UserDeleteCheck finds the account by its status.
    std::vector<JobSink::Request> jobs;
    jobs.push_back(
        {.name = "UserDelete", .data = fmt::format(R"({{"id":"{}","force":true}})", id.ToString()), .options = {}});
    co_await jobs_.EnqueueOrLog(std::move(jobs));
  }
  co_return co_await Get(id);
}

Task<api::UserAdminResponseDto> AdminUserService::Restore(UserId id) {
  pg::Params params{id};
  const pg::Result restored = co_await db_.Run(sql::kAdminUserRestore, std::move(params));
  const api::UserAdminResponseDto account = co_await Get(id);
  if (restored.empty()) throw BadRequest("The account is being removed");
  co_return account;
}

Task<api::AssetStatsResponseDto> AdminUserService::Statistics(const AuthContext& auth,
                                                              api::GetUserStatisticsAdmin::Input filter) {
  if (filter.visibility == api::AssetVisibility::kLocked) auth.RequireElevated();
  co_await Get(UserId(filter.id));
  const auto visibility =
      filter.visibility ? std::optional(std::string(api::ToString(*filter.visibility))) : std::nullopt;
  pg::Params params{filter.id, visibility, filter.is_favorite, filter.is_trashed.value_or(false)};
  const pg::Result counted = co_await db_.Run(sql::kAdminUserStatisticsGet, std::move(params));
  api::AssetStatsResponseDto statistics;
  statistics.images = counted[0].Get<std::int64_t>(0);
  statistics.videos = counted[0].Get<std::int64_t>(1);
  statistics.total = statistics.images + statistics.videos;
  co_return statistics;
}

}  // namespace immich::admin_users
