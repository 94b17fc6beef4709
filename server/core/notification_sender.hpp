#pragma once

#include <optional>
#include <string>

#include "api/notifications_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_result.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
}

namespace immich {

class ClientEvents;

struct NewNotification {
  UserId user;
  api::NotificationLevel level = api::NotificationLevel::kInfo;
  api::NotificationType type = api::NotificationType::kCustom;
  std::string title;
  std::optional<std::string> description;
  /// JSON object, what the client opens.
  std::optional<std::string> data;
  std::optional<TimePoint> read_at;
};

/// Stores a notification and shows it in the user's clients (`on_notification`); for every slice that has news.
Task<api::NotificationDto> SendNotification(pg::Db& db, ClientEvents& events, NewNotification notification);

/// Reads id, createdAt, level, type, title, description, data and readAt, in this order.
api::NotificationDto ReadNotification(const pg::Row& row);

}  // namespace immich
