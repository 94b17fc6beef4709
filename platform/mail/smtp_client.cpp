#include "platform/mail/smtp_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"

namespace immich::mail {

namespace {

struct CurlDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

std::size_t ReadChunk(char* out, std::size_t size, std::size_t count, void* user) {
  auto& rest = *static_cast<std::string_view*>(user);
  const std::size_t taken = std::min(size * count, rest.size());
  std::memcpy(out, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

void SetServer(CURL* curl, const SmtpServer& server) {
  const std::string url = fmt::format("{}://{}:{}", server.secure ? "smtps" : "smtp", server.host, server.port);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  if (!server.secure) curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
  if (!server.username.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, server.username.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
  }
  if (server.ignore_certificate) {
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(server.timeout.count()));
}

/// Blocks until the server has taken the mail.
void Deliver(const SmtpServer& server, const Message& message, std::string_view message_id) {
  const CurlHandle curl(curl_easy_init());
  if (!curl) throw InternalError("curl cannot start");
  SetServer(curl.get(), server);
  const std::string sender = "<" + AddressOf(message.from) + ">";
  const std::string recipient = "<" + AddressOf(message.to) + ">";
  const CurlList recipients(curl_slist_append(nullptr, recipient.c_str()));
  const std::string content = FormatMessage(message, message_id, Now());
  std::string_view rest = content;
  char reason[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, ReadChunk);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &rest);
  curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, reason);
  const CURLcode result = curl_easy_perform(curl.get());
  if (result == CURLE_OK) return;
  throw Unavailable(
      fmt::format("Mail server {}: {}", server.host, reason[0] != '\0' ? reason : curl_easy_strerror(result)));
}

}  // namespace

Task<std::string> SendMail(SmtpServer server, Message message) {
  std::string message_id = MakeMessageId(message);
  co_await RunBlocking(
      [server = std::move(server), message = std::move(message), message_id] { Deliver(server, message, message_id); });
  co_return message_id;
}

}  // namespace immich::mail
