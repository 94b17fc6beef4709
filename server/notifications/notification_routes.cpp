#include <memory>

#include "api/notifications_admin_api.hpp"
#include "api/notifications_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/notifications/mail_service.hpp"
#include "server/notifications/notification_feature.hpp"
#include "server/notifications/notification_service.hpp"

namespace immich {

namespace {

using Notification = api::NotificationDto;
using Service = std::shared_ptr<notifications::NotificationService>;

void BindOwn(RouteBinder& routes, const Service& service) {
  routes.On<api::GetNotifications>(
      [service](Call& call, api::GetNotifications::Input in) -> Task<std::vector<Notification>> {
        co_return co_await service->List(call.auth, std::move(in));
      });
  routes.On<api::GetNotification>([service](Call& call, api::GetNotification::Input in) -> Task<Notification> {
    co_return co_await service->Get(call.auth, in.id);
  });
  routes.On<api::UpdateNotification>([service](Call& call, api::UpdateNotification::Input in) -> Task<Notification> {
    std::vector<Uuid> ids{in.id};
    co_await service->MarkRead(call.auth, std::move(ids), in.body.read_at);
    co_return co_await service->Get(call.auth, in.id);
  });
  routes.On<api::UpdateNotifications>([service](Call& call, api::UpdateNotifications::Input in) -> Task<void> {
    co_await service->MarkRead(call.auth, std::move(in.body.ids), in.body.read_at);
  });
  routes.On<api::DeleteNotification>([service](Call& call, api::DeleteNotification::Input in) -> Task<void> {
    std::vector<Uuid> ids{in.id};
    co_await service->Delete(call.auth, std::move(ids));
  });
  routes.On<api::DeleteNotifications>([service](Call& call, api::DeleteNotifications::Input in) -> Task<void> {
    co_await service->Delete(call.auth, std::move(in.body.ids));
  });
}

}  // namespace

void RegisterNotifications(FeatureContext& context) {
  auto service = std::make_shared<notifications::NotificationService>(context.db, context.events);
  auto mails = std::make_shared<notifications::MailService>(context.db, context.events, context.jobs, context.config);
  BindOwn(context.routes, service);
  context.routes.On<api::CreateNotification>([service](Call&, api::CreateNotification::Input in) -> Task<Notification> {
    co_return co_await service->Create(std::move(in.body));
  });
  context.routes.On<api::GetNotificationTemplateAdmin>(
      [mails](Call&, api::GetNotificationTemplateAdmin::Input in) -> Task<api::TemplateResponseDto> {
        co_return mails->Preview(std::move(in.name), std::move(in.body.template_));
      });
  context.routes.On<api::SendTestEmailAdmin>(
      [mails](Call& call, api::SendTestEmailAdmin::Input in) -> Task<api::TestEmailResponseDto> {
        api::TestEmailResponseDto response;
        response.message_id = co_await mails->SendTestMail(call.auth, std::move(in.body));
        co_return response;
      });
}

}  // namespace immich
