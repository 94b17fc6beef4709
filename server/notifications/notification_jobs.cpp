#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/worker_context.hpp"
#include "server/notifications/mail_service.hpp"
#include "server/notifications/notification_feature.hpp"
#include "server/notifications/notification_service.hpp"

namespace immich {

namespace {

/// What jobs about users and albums carry.
struct MailJobData {
  Uuid id;
  Uuid recipient;
  std::string password;
  std::string sender_name;
};

MailJobData ParseMailJob(std::string_view text) {
  const json::Document document = json::Document::Parse(text);
  const auto* fields = document.root().if_object();
  if (fields == nullptr) throw BadRequest("mail job without data");
  const auto member = [&](std::string_view name) -> std::string {
    const auto* value = fields->if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  MailJobData data;
  data.id = Uuid::Parse(member("id")).value_or(Uuid{});
  data.recipient = Uuid::Parse(member("recipientId")).value_or(Uuid{});
  data.password = member("password");
  data.sender_name = member("senderName");
  return data;
}

}  // namespace

void RegisterNotificationJobs(WorkerContext& context) {
  auto service = std::make_shared<notifications::NotificationService>(context.db, context.events);
  auto mails = std::make_shared<notifications::MailService>(context.db, context.events, context.jobs, context.config);
  context.handlers.On("NotifyUserSignup", [mails](const queue::Job& job) -> Task<JobResult> {
    MailJobData data = ParseMailJob(job.data);
    co_return co_await mails->WelcomeUser(UserId(data.id), std::move(data.password));
  });
  context.handlers.On("NotifyAlbumInvite", [mails](const queue::Job& job) -> Task<JobResult> {
    MailJobData data = ParseMailJob(job.data);
    co_return co_await mails->InviteToAlbum(AlbumId(data.id), UserId(data.recipient), std::move(data.sender_name));
  });
  context.handlers.On("NotifyAlbumUpdate", [mails](const queue::Job& job) -> Task<JobResult> {
    const MailJobData data = ParseMailJob(job.data);
    co_return co_await mails->TellAlbumUpdate(AlbumId(data.id), UserId(data.recipient));
  });
  context.handlers.On(
      "SendMail", [mails](const queue::Job& job) -> Task<JobResult> { co_return co_await mails->Deliver(job.data); });
  context.handlers.On("NotificationsCleanup", [service](const queue::Job&) -> Task<JobResult> {
    co_await service->CleanUp();
    co_return JobResult::Success();
  });
}

}  // namespace immich
