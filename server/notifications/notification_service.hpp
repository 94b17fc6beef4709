#pragma once

#include <optional>
#include <vector>

#include "api/notifications_admin_types.hpp"
#include "api/notifications_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class ClientEvents;
}

namespace immich::notifications {

/// What users are told in their clients (facts: sharing, "Notifications").
class NotificationService {
 public:
  NotificationService(pg::Db& db, ClientEvents& events) : db_(db), events_(events) {}

  /// Newest first.
  Task<std::vector<api::NotificationDto>> List(const AuthContext& auth, api::GetNotifications::Input filter);
  Task<api::NotificationDto> Get(const AuthContext& auth, Uuid id);
  /// `read_at`: absent leaves it, null makes them unread.
  Task<void> MarkRead(const AuthContext& auth, std::vector<Uuid> ids, json::Maybe<TimePoint> read_at);
  Task<void> Delete(const AuthContext& auth, std::vector<Uuid> ids);
  /// By the administrator. Throws BadRequest when there is no such user.
  Task<api::NotificationDto> Create(api::NotificationCreateDto request);
  /// Removes old ones.
  Task<void> CleanUp();

 private:
  Task<void> RequireOwn(const AuthContext& auth, api::Permission permission, std::vector<Uuid> ids);

  pg::Db& db_;
  ClientEvents& events_;
};

}  // namespace immich::notifications
