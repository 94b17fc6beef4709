#pragma once

#include <chrono>

#include "api/authentication_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"

namespace immich::pg {
class Pool;
}

namespace immich::auth {

/// The PIN code that opens the locked folder for one session (facts: auth, "PIN code / elevated permission").
class PinService {
 public:
  static constexpr std::chrono::minutes kElevation{15};

  explicit PinService(pg::Pool& db) : db_(db) {}

  /// Throws BadRequest when there is one.
  Task<void> Setup(const AuthContext& auth, api::PinCodeSetupDto dto);
  /// These throw BadRequest unless the PIN code, or else the password, is right.
  Task<void> Change(const AuthContext& auth, api::PinCodeChangeDto dto);
  /// Locks all sessions of the user.
  Task<void> Reset(const AuthContext& auth, api::PinCodeResetDto dto);

  /// These throw BadRequest for API keys.
  Task<void> Unlock(const AuthContext& auth, api::SessionUnlockDto dto);
  Task<void> Lock(const AuthContext& auth);

 private:
  Task<void> Verify(UserId user, std::optional<std::string> pin_code, std::optional<std::string> password);

  pg::Pool& db_;
};

}  // namespace immich::auth
