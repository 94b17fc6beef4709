#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "api/sessions_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class SessionRegistry;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::sessions {

/// The devices of a user (facts: auth, "Session tokens"). Sessions of others are BadRequest `Not found or no … access`.
class SessionService {
 public:
  SessionService(pg::Db& db, std::shared_ptr<SessionRegistry> registry) : db_(db), registry_(std::move(registry)) {}

  /// Most recently used first.
  Task<std::vector<api::SessionResponseDto>> List(const AuthContext& auth, UserId user);
  /// A child of the current session; throws BadRequest for API keys.
  Task<api::SessionCreateResponseDto> Create(const AuthContext& auth, api::SessionCreateDto dto);
  Task<api::SessionResponseDto> Update(const AuthContext& auth, SessionId id, api::SessionUpdateDto dto);
  Task<void> Lock(const AuthContext& auth, SessionId id);
  Task<void> Delete(const AuthContext& auth, SessionId id);
  /// All but the current one.
  Task<void> DeleteOthers(const AuthContext& auth);

 private:
  pg::Db& db_;
  std::shared_ptr<SessionRegistry> registry_;
};

/// Facts: auth: "nightly cleanup deletes sessions idle for ≥ 90 days or past expiresAt".
inline constexpr std::chrono::days kSessionIdleLimit{90};
/// Returns how many went.
Task<std::int64_t> DeleteStaleSessions(pg::Db& db);

}  // namespace immich::sessions
