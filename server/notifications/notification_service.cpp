#include "server/notifications/notification_service.hpp"

#include <unordered_set>

#include "platform/error/error.hpp"
#include "platform/pg/pg_error.hpp"
#include "server/core/access.hpp"
#include "server/core/notification_sender.hpp"
#include "slice_notifications_sql.hpp"

namespace immich::notifications {

namespace {

using api::Permission;
using Notifications = std::vector<api::NotificationDto>;

template <class Enum>
std::optional<std::string> TextOf(const std::optional<Enum>& value) {
  return value ? std::optional(std::string(api::ToString(*value))) : std::nullopt;
}

}  // namespace

Task<Notifications> NotificationService::List(const AuthContext& auth, api::GetNotifications::Input filter) {
  pg::Params params{auth.user.id, filter.id, TextOf(filter.level), TextOf(filter.type), filter.unread};
  Notifications notifications;
  for (const pg::Row row : co_await db_.Run(sql::kNotificationList, std::move(params))) {
    notifications.push_back(ReadNotification(row));
  }
  co_return notifications;
}

Task<void> NotificationService::RequireOwn(const AuthContext& auth, Permission permission, std::vector<Uuid> ids) {
  const std::size_t wanted = std::unordered_set<Uuid>(ids.begin(), ids.end()).size();
  pg::Params params{auth.user.id, ids};
  const pg::Result counted = co_await db_.Run(sql::kNotificationOwnedCount, std::move(params));
  if (counted[0].Get<std::int64_t>(0) != static_cast<std::int64_t>(wanted)) ThrowNoAccess(permission);
}

Task<api::NotificationDto> NotificationService::Get(const AuthContext& auth, Uuid id) {
  api::GetNotifications::Input only;
  only.id = id;
  Notifications found = co_await List(auth, std::move(only));
  if (found.empty()) ThrowNoAccess(Permission::kNotificationRead);
  co_return std::move(found.front());
}

Task<void> NotificationService::MarkRead(const AuthContext& auth, std::vector<Uuid> ids,
                                         json::Maybe<TimePoint> read_at) {
  co_await RequireOwn(auth, Permission::kNotificationUpdate, ids);
  if (read_at.is_absent()) co_return;
  pg::Params params{ids, read_at.nullable()};
  co_await db_.Run(sql::kNotificationReadUpdate, std::move(params));
}

Task<void> NotificationService::Delete(const AuthContext& auth, std::vector<Uuid> ids) {
  co_await RequireOwn(auth, Permission::kNotificationDelete, ids);
  pg::Params params{ids};
  co_await db_.Run(sql::kNotificationDelete, std::move(params));
}

Task<api::NotificationDto> NotificationService::Create(api::NotificationCreateDto request) {
  NewNotification notification;
  notification.user = UserId(request.user_id);
  notification.level = request.level.value_or(api::NotificationLevel::kInfo);
  notification.type = request.type.value_or(api::NotificationType::kCustom);
  notification.title = std::move(request.title);
  notification.description = request.description.nullable();
  if (request.data) notification.data = std::move(request.data->text);
  notification.read_at = request.read_at.nullable();
  try {
    co_return co_await SendNotification(db_, events_, std::move(notification));
  } catch (const pg::QueryError& error) {
    if (!error.is_foreign_key_violation()) throw;
  }
  throw BadRequest("User not found");
}

Task<void> NotificationService::CleanUp() {
  co_await db_.Run(sql::kNotificationCleanUp);
}

}  // namespace immich::notifications
