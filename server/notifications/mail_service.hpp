#pragma once

#include <string>
#include <string_view>

#include "api/config_admin_types.hpp"
#include "api/notifications_admin_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/job_binder.hpp"
#include "server/notifications/mail_template.hpp"

namespace immich {
class ClientEvents;
class JobSink;
class SystemConfig;
}  // namespace immich

namespace immich::notifications {

/// Tells users of accounts and albums: in their clients, and by mail when the server may send mail and the user wants
/// it. Mails are rendered by the job that has the reason and sent by a job of their own.
class MailService {
 public:
  MailService(pg::Db& db, ClientEvents& events, JobSink& jobs, SystemConfig& config)
      : db_(db), events_(events), jobs_(jobs), config_(config) {}

  /// Job NotifyUserSignup. `password`: what the administrator chose; empty when it shall not be told.
  Task<JobResult> WelcomeUser(UserId user, std::string password);
  /// Job NotifyAlbumInvite.
  Task<JobResult> InviteToAlbum(AlbumId album, UserId recipient, std::string sender_name);
  /// Job NotifyAlbumUpdate.
  Task<JobResult> TellAlbumUpdate(AlbumId album, UserId recipient);
  /// Job SendMail: `data` holds to, subject, text and html. Throws Unavailable when the mail server does not take it.
  Task<JobResult> Deliver(std::string data);

  /// Sends a mail to the caller with settings that are not stored yet. Throws BadRequest when that fails.
  Task<std::string> SendTestMail(const AuthContext& auth, api::AdminConfigSmtpDto settings);
  /// A template with example values; the stored one when `custom` is empty.
  api::TemplateResponseDto Preview(std::string name, std::string custom) const;

 private:
  struct AlbumNews;

  Task<JobResult> TellOfAlbum(AlbumId album, UserId recipient, AlbumNews news);
  Task<void> QueueMail(std::string to, const RenderedMail& mail);
  const std::string& CustomText(MailKind kind) const;
  std::string BaseUrl() const;

  pg::Db& db_;
  ClientEvents& events_;
  JobSink& jobs_;
  SystemConfig& config_;
};

}  // namespace immich::notifications
