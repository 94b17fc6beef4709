#include "server/core/notification_sender.hpp"

#include "api/codec/contract_writer.hpp"
#include "api/websocket_events.hpp"
#include "core_sql.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/client_events.hpp"

namespace immich {

api::NotificationDto ReadNotification(const pg::Row& row) {
  api::NotificationDto notification;
  notification.id = row.Get<Uuid>(0);
  notification.created_at = row.Get<TimePoint>(1);
  notification.level =
      api::ParseEnum<api::NotificationLevel>(row.Get<std::string_view>(2)).value_or(api::NotificationLevel::kInfo);
  notification.type =
      api::ParseEnum<api::NotificationType>(row.Get<std::string_view>(3)).value_or(api::NotificationType::kCustom);
  notification.title = row.Get<std::string>(4);
  notification.description = row.Find<std::string>(5);
  if (auto data = row.Find<std::string>(6)) notification.data = json::RawJson{std::move(*data)};
  notification.read_at = row.Find<TimePoint>(7);
  return notification;
}

Task<api::NotificationDto> SendNotification(pg::Db& db, ClientEvents& events, NewNotification notification) {
  pg::Params params{notification.user,   api::ToString(notification.level), api::ToString(notification.type),
                    notification.title,  notification.description,          notification.data,
                    notification.read_at};
  const pg::Result made = co_await db.Run(sql::kNotificationInsert, std::move(params));
  api::NotificationDto stored = ReadNotification(made[0]);
  std::vector<std::string> payload{api::ToJson(stored)};
  co_await events.ToUser(notification.user, api::events::OnNotification::kName, std::move(payload));
  co_return stored;
}

}  // namespace immich
