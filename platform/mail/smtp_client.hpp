#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "platform/async/task.hpp"
#include "platform/mail/mail_message.hpp"

namespace immich::mail {

struct SmtpServer {
  std::string host;
  std::uint16_t port = 587;
  /// Empty: no authentication.
  std::string username;
  std::string password;
  /// TLS from the first byte. Otherwise the connection is encrypted when the server offers STARTTLS.
  bool secure = false;
  /// Accepts any certificate.
  bool ignore_certificate = false;
  std::chrono::seconds timeout{30};
};

/// Hands a mail to a server and returns its Message-ID. Throws Unavailable with the server's or the network's reason.
Task<std::string> SendMail(SmtpServer server, Message message);

}  // namespace immich::mail
