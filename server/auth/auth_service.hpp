#pragma once

#include <memory>

#include "api/authentication_types.hpp"
#include "api/users_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/client_device.hpp"

namespace immich {
class SessionRegistry;
class SystemConfig;
namespace pg {
class Pool;
}
}  // namespace immich

namespace immich::auth {

/// Sign-up of the first account, login with a password, logout, change of the password (facts: auth).
class AuthService {
 public:
  /// `allow_setup`: IMMICH_ALLOW_SETUP.
  AuthService(pg::Pool& db, std::shared_ptr<SessionRegistry> sessions, const SystemConfig& config, bool allow_setup)
      : db_(db), sessions_(std::move(sessions)), config_(config), allow_setup_(allow_setup) {}

  /// Throws BadRequest when there is an administrator or setup is not allowed.
  Task<api::UserAdminResponseDto> SignUpAdmin(api::SignUpDto dto);
  /// Throws Unauthorized. Takes as long for unknown users as for wrong passwords.
  Task<api::LoginResponseDto> Login(api::LoginCredentialDto dto, ClientDevice device);
  Task<api::LogoutResponseDto> Logout(const AuthContext& auth);
  /// Throws BadRequest `Wrong password`. Ends all other sessions of the user.
  Task<api::UserAdminResponseDto> ChangePassword(const AuthContext& auth, api::ChangePasswordDto dto);
  Task<api::AuthStatusResponseDto> Status(const AuthContext& auth);

 private:
  pg::Pool& db_;
  std::shared_ptr<SessionRegistry> sessions_;
  const SystemConfig& config_;
  const bool allow_setup_;
};

}  // namespace immich::auth
