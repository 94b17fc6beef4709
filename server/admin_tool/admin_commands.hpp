#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/users_types.hpp"
#include "platform/async/task.hpp"

namespace immich {
class SystemConfig;
namespace pg {
class Pool;
}
}  // namespace immich

namespace immich::admin_tool {

/// What the operator may do without an account (facts: features, "Operations"). Everything takes effect at once, also
/// in servers that are running.
class AdminCommands {
 public:
  AdminCommands(pg::Pool& db, SystemConfig& config) : db_(db), config_(config) {}

  struct NewPassword {
    std::string email;
    std::string password;
  };
  /// Gives the first administrator `password`, or one made up when it is empty. Sessions go on. Throws BadRequest when
  /// there is no administrator.
  Task<NewPassword> ResetAdminPassword(std::string password);
  /// Accounts that are not deleted, oldest first.
  Task<std::vector<api::UserAdminResponseDto>> ListUsers();
  /// Throws BadRequest when no account has the address, and for the last administrator.
  Task<void> SetAdmin(std::string email, bool is_admin);
  /// These throw BadRequest when the configuration comes from a file, and for OAuth without an issuer.
  Task<void> SetPasswordLogin(bool is_enabled);
  Task<void> SetOAuthLogin(bool is_enabled);

 private:
  pg::Pool& db_;
  SystemConfig& config_;
};

}  // namespace immich::admin_tool
