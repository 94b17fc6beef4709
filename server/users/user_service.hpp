#pragma once

#include <memory>
#include <vector>

#include "api/users_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class SessionRegistry;
class SystemConfig;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::users {

/// The caller's account and what it may see of others (facts: auth, "Users").
class UserService {
 public:
  UserService(pg::Db& db, std::shared_ptr<SessionRegistry> sessions, const SystemConfig& config)
      : db_(db), sessions_(std::move(sessions)), config_(config) {}

  Task<api::UserAdminResponseDto> GetMe(const AuthContext& auth);
  /// A new password ends the other sessions.
  Task<api::UserAdminResponseDto> UpdateMe(const AuthContext& auth, api::UserUpdateMeDto dto);
  /// Everybody for administrators and where `server.publicUsers` is on, else the caller alone.
  Task<std::vector<api::UserResponseDto>> Search(const AuthContext& auth);
  /// Throws BadRequest `User not found`.
  Task<api::UserResponseDto> Get(UserId id);

  Task<api::OnboardingResponseDto> GetOnboarding(const AuthContext& auth);
  Task<api::OnboardingResponseDto> SetOnboarding(const AuthContext& auth, api::OnboardingDto dto);
  Task<void> DeleteOnboarding(const AuthContext& auth);

  /// Throws NotFound without one.
  Task<api::UserLicense> GetLicense(const AuthContext& auth);
  Task<void> DeleteLicense(const AuthContext& auth);

 private:
  pg::Db& db_;
  std::shared_ptr<SessionRegistry> sessions_;
  const SystemConfig& config_;
};

}  // namespace immich::users
