#include "server/notifications/mail_service.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/mail/smtp_client.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/notification_sender.hpp"
#include "server/core/system_config.hpp"
#include "server/core/user_preferences.hpp"
#include "slice_notifications_sql.hpp"

namespace immich::notifications {

namespace {

// Leads any client to the user's own server; used while no external domain is configured.
constexpr std::string_view kDefaultBaseUrl = "https://my.immich.app";

void AppendMember(std::string& out, std::string_view name, std::string_view value) {
  json::AppendString(out, name);
  out += ':';
  json::AppendString(out, value);
  out += ',';
}

std::string TextMember(const boost::json::object& fields, std::string_view name) {
  const auto* value = fields.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

mail::SmtpServer ServerOf(const api::AdminConfigSmtpTransportDto& transport) {
  mail::SmtpServer server;
  server.host = transport.host;
  server.port = static_cast<std::uint16_t>(transport.port);
  server.username = transport.username;
  server.password = transport.password;
  server.secure = transport.secure;
  server.ignore_certificate = transport.ignore_cert;
  return server;
}

mail::Message MessageOf(const api::AdminConfigSmtpDto& smtp, std::string to, RenderedMail rendered) {
  mail::Message message;
  message.from = smtp.from;
  message.reply_to = smtp.reply_to.empty() ? smtp.from : smtp.reply_to;
  message.to = std::move(to);
  message.subject = std::move(rendered.subject);
  message.text = std::move(rendered.text);
  message.html = std::move(rendered.html);
  return message;
}

}  // namespace

struct MailService::AlbumNews {
  MailKind kind;
  api::NotificationType type;
  std::string title;
  std::string sender_name;
};

std::string MailService::BaseUrl() const {
  const std::string& domain = config_.current().server.external_domain;
  std::string url = domain.empty() ? std::string(kDefaultBaseUrl) : domain;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

const std::string& MailService::CustomText(MailKind kind) const {
  static const std::string kNone;
  const auto& texts = config_.current().templates.email;
  switch (kind) {
    case MailKind::kWelcome:
      return texts.welcome_template;
    case MailKind::kAlbumInvite:
      return texts.album_invite_template;
    case MailKind::kAlbumUpdate:
      return texts.album_update_template;
    case MailKind::kTest:
      break;
  }
  return kNone;
}

Task<void> MailService::QueueMail(std::string to, const RenderedMail& rendered) {
  std::string data = "{";
  AppendMember(data, "to", to);
  AppendMember(data, "subject", rendered.subject);
  AppendMember(data, "text", rendered.text);
  AppendMember(data, "html", rendered.html);
  json::EndObject(data);
  JobSink::Request request{.name = "SendMail", .data = std::move(data), .options = {}};
  co_await jobs_.Enqueue(std::move(request));
}

Task<JobResult> MailService::WelcomeUser(UserId user, std::string password) {
  if (!config_.current().notifications.smtp.enabled) co_return JobResult::Skipped();
  pg::Params params{user};
  const pg::Result found = co_await db_.Run(sql::kNotificationUserGet, std::move(params));
  if (found.empty()) co_return JobResult::Skipped();
  const auto email = found[0].Get<std::string>(0);
  const Variables variables{{"baseUrl", BaseUrl()},
                            {"displayName", found[0].Get<std::string>(1)},
                            {"username", email},
                            {"password", std::move(password)}};
  const RenderedMail rendered = RenderMail(MailKind::kWelcome, CustomText(MailKind::kWelcome), variables);
  co_await QueueMail(email, rendered);
  co_return JobResult::Success();
}

Task<JobResult> MailService::TellOfAlbum(AlbumId album, UserId recipient, AlbumNews news) {
  pg::Params params{album, recipient};
  const pg::Result found = co_await db_.Run(sql::kNotificationAlbumGet, std::move(params));
  if (found.empty()) co_return JobResult::Skipped();
  const auto album_name = found[0].Get<std::string>(0);
  const auto email = found[0].Get<std::string>(1);
  const Variables variables{{"baseUrl", BaseUrl()},
                            {"senderName", news.sender_name},
                            {"recipientName", found[0].Get<std::string>(2)},
                            {"albumName", album_name},
                            {"albumId", album.ToString()}};
  NewNotification notification;
  notification.user = recipient;
  notification.level = api::NotificationLevel::kSuccess;
  notification.type = news.type;
  notification.title = news.title;
  notification.description = news.kind == MailKind::kAlbumInvite
                                 ? fmt::format("{} shares the album {} with you", news.sender_name, album_name)
                                 : fmt::format("There are new pictures in the album {}", album_name);
  notification.data = fmt::format(R"({{"albumId":"{}"}})", album.ToString());
  co_await SendNotification(db_, events_, std::move(notification));

  if (!config_.current().notifications.smtp.enabled) co_return JobResult::Success();
  const auto wishes = (co_await LoadPreferences(db_, recipient)).email_notifications;
  const bool wants_kind = news.kind == MailKind::kAlbumInvite ? wishes.album_invite : wishes.album_update;
  if (!wishes.enabled || !wants_kind) co_return JobResult::Success();
  const RenderedMail rendered = RenderMail(news.kind, CustomText(news.kind), variables);
  co_await QueueMail(email, rendered);
  co_return JobResult::Success();
}

Task<JobResult> MailService::InviteToAlbum(AlbumId album, UserId recipient, std::string sender_name) {
  AlbumNews news{MailKind::kAlbumInvite, api::NotificationType::kAlbumInvite, "Invitation to an album",
                 std::move(sender_name)};
  co_return co_await TellOfAlbum(album, recipient, std::move(news));
}

Task<JobResult> MailService::TellAlbumUpdate(AlbumId album, UserId recipient) {
  AlbumNews news{MailKind::kAlbumUpdate, api::NotificationType::kAlbumUpdate, "New in an album", {}};
  co_return co_await TellOfAlbum(album, recipient, std::move(news));
}

Task<JobResult> MailService::Deliver(std::string data) {
  const api::AdminConfigSmtpDto& smtp = config_.current().notifications.smtp;
  if (!smtp.enabled) co_return JobResult::Skipped();
  const json::Document document = json::Document::Parse(data);
  const auto* fields = document.root().if_object();
  if (fields == nullptr) throw BadRequest("mail job without data");
  RenderedMail rendered{TextMember(*fields, "subject"), TextMember(*fields, "text"), TextMember(*fields, "html")};
  mail::Message message = MessageOf(smtp, TextMember(*fields, "to"), std::move(rendered));
  mail::SmtpServer server = ServerOf(smtp.transport);
  co_await mail::SendMail(std::move(server), std::move(message));
  co_return JobResult::Success();
}

Task<std::string> MailService::SendTestMail(const AuthContext& auth, api::AdminConfigSmtpDto settings) {
  const Variables variables{{"baseUrl", BaseUrl()}, {"displayName", auth.user.name}};
  RenderedMail rendered = RenderMail(MailKind::kTest, {}, variables);
  mail::Message message = MessageOf(settings, auth.user.email, std::move(rendered));
  mail::SmtpServer server = ServerOf(settings.transport);
  try {
    co_return co_await mail::SendMail(std::move(server), std::move(message));
  } catch (const Unavailable& error) {
    throw BadRequest(fmt::format("The test mail could not be sent: {}", error.what()));
  }
}

api::TemplateResponseDto MailService::Preview(std::string name, std::string custom) const {
  const MailKind kind = MailKindOf(name);
  const std::string text = custom.empty() ? CustomText(kind) : std::move(custom);
  const RenderedMail rendered = RenderMail(kind, text, ExampleVariables(kind, BaseUrl()));
  api::TemplateResponseDto response;
  response.name = std::move(name);
  response.html = rendered.html;
  return response;
}

}  // namespace immich::notifications
