#include "server/sessions/session_service.hpp"

#include <algorithm>

#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/core/session_registry.hpp"
#include "slice_sessions_sql.hpp"

namespace immich::sessions {

namespace {

// Beyond this the end would not fit a timestamp; nothing is meant by it but "for ever".
constexpr std::int64_t kMaxDurationSeconds = 1000LL * 365 * 24 * 3600;

/// The columns are those of session_list.sql.
api::SessionResponseDto ReadSession(const pg::Row& row, const AuthContext& auth) {
  api::SessionResponseDto session;
  session.id = row.Get<Uuid>(0);
  session.created_at = ToIsoString(row.Get<TimePoint>(1));
  session.updated_at = ToIsoString(row.Get<TimePoint>(2));
  session.device_type = row.Get<std::string>(3);
  session.device_os = row.Get<std::string>(4);
  session.app_version = row.Find<std::string>(5);
  if (const auto expires_at = row.Find<TimePoint>(6)) session.expires_at = ToIsoString(*expires_at);
  session.is_pending_sync_reset = row.Get<bool>(7);
  session.current = auth.session && auth.session->id.value == session.id;
  return session;
}

}  // namespace

Task<std::vector<api::SessionResponseDto>> SessionService::List(const AuthContext& auth, UserId user) {
  pg::Params params{user};
  std::vector<api::SessionResponseDto> sessions;
  for (const pg::Row row : co_await db_.Run(sql::kSessionList, std::move(params))) {
    sessions.push_back(ReadSession(row, auth));
  }
  co_return sessions;
}

Task<api::SessionCreateResponseDto> SessionService::Create(const AuthContext& auth, api::SessionCreateDto dto) {
  if (!auth.session) throw BadRequest("This endpoint can only be used with a session token");
  NewSession session;
  session.user = auth.user.id;
  session.device.type = dto.device_type.value_or("");
  session.device.os = dto.device_os.value_or("");
  session.parent = auth.session->id;
  if (dto.duration) session.expires_at = Now() + std::chrono::seconds(std::min(*dto.duration, kMaxDurationSeconds));
  BegunSession begun = co_await registry_->Begin(session);
  api::SessionCreateResponseDto response;
  response.id = begun.id.value;
  response.token = std::move(begun.token);
  response.created_at = ToIsoString(begun.created_at);
  response.updated_at = ToIsoString(begun.updated_at);
  response.device_type = std::move(session.device.type);
  response.device_os = std::move(session.device.os);
  if (session.expires_at) response.expires_at = ToIsoString(*session.expires_at);
  co_return response;
}

Task<api::SessionResponseDto> SessionService::Update(const AuthContext& auth, SessionId id, api::SessionUpdateDto dto) {
  if (!dto.is_pending_sync_reset) throw BadRequest("No fields to update");
  pg::Params params{id, auth.user.id, *dto.is_pending_sync_reset};
  const pg::Result changed = co_await db_.Run(sql::kSessionUpdate, std::move(params));
  if (changed.empty()) ThrowNoAccess(api::Permission::kSessionUpdate);
  co_return ReadSession(changed[0], auth);
}

Task<void> SessionService::Lock(const AuthContext& auth, SessionId id) {
  pg::Params params{id, auth.user.id};
  const pg::Result locked = co_await db_.Run(sql::kSessionLock, std::move(params));
  if (locked.empty()) ThrowNoAccess(api::Permission::kSessionLock);
}

Task<void> SessionService::Delete(const AuthContext& auth, SessionId id) {
  pg::Params params{id, auth.user.id};
  const pg::Result owned = co_await db_.Run(sql::kSessionOwned, std::move(params));
  // Compat: DELETE /sessions/{id}: the refusal names the older permission.
  if (owned.empty()) ThrowNoAccess(api::Permission::kAuthDeviceDelete);
  co_await registry_->End(id);
}

Task<void> SessionService::DeleteOthers(const AuthContext& auth) {
  const auto current = auth.session ? std::optional(auth.session->id) : std::nullopt;
  co_await registry_->EndOthers(auth.user.id, current);
}

Task<std::int64_t> DeleteStaleSessions(pg::Db& db) {
  pg::Params params{Now() - kSessionIdleLimit};
  const pg::Result deleted = co_await db.Run(sql::kSessionCleanup, std::move(params));
  co_return deleted.affected_rows();
}

}  // namespace immich::sessions
