#pragma once

#include <vector>

#include "api/assets_types.hpp"
#include "api/users_admin_api.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class JobSink;
class SystemConfig;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::admin_users {

/// Accounts as administrators manage them (facts: auth, "Users").
class AdminUserService {
 public:
  AdminUserService(pg::Db& db, JobSink& jobs, const SystemConfig& config) : db_(db), jobs_(jobs), config_(config) {}

  Task<std::vector<api::UserAdminResponseDto>> Search(api::SearchUsersAdmin::Input filter);
  /// Deleted accounts too. Throws BadRequest `User not found`, as do all that take an id.
  Task<api::UserAdminResponseDto> Get(UserId id);
  Task<api::UserAdminResponseDto> Create(api::UserAdminCreateDto dto);
  Task<api::UserAdminResponseDto> Update(const AuthContext& auth, UserId id, api::UserAdminUpdateDto dto);
  /// Throws Forbidden for the caller's own account. With `force` the account cannot come back.
  Task<api::UserAdminResponseDto> Delete(const AuthContext& auth, UserId id, bool force);
  Task<api::UserAdminResponseDto> Restore(UserId id);
  Task<api::AssetStatsResponseDto> Statistics(const AuthContext& auth, api::GetUserStatisticsAdmin::Input filter);

 private:
  pg::Db& db_;
  JobSink& jobs_;
  const SystemConfig& config_;
};

}  // namespace immich::admin_users
