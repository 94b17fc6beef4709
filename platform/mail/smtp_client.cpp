#include "platform/mail/smtp_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "platform/async/blocking.hpp"
#include "platform/curl/curl_library.hpp"
#include "platform/error/error.hpp"

namespace immich::mail {

namespace {

struct CurlDeleter {
  void operator()(CURL* handle) const { LoadedCurl().cleanup(handle); }
  void operator()(curl_slist* list) const { LoadedCurl().slist_free_all(list); }
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

void SetServer(CURL* handle, const SmtpServer& server) {
  const CurlFunctions& curl = LoadedCurl();
  const std::string url = fmt::format("{}://{}:{}", server.secure ? "smtps" : "smtp", server.host, server.port);
  curl.setopt(handle, CURLOPT_URL, url.c_str());
  curl.setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  if (!server.secure) curl.setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
  if (!server.username.empty()) {
    curl.setopt(handle, CURLOPT_USERNAME, server.username.c_str());
    curl.setopt(handle, CURLOPT_PASSWORD, server.password.c_str());
  }
  if (server.ignore_certificate) {
    curl.setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl.setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  curl.setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl.setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(server.timeout.count()));
}

/// Blocks until the server has taken the mail.
void Deliver(const SmtpServer& server, const Message& message, std::string_view message_id) {
  const CurlFunctions& curl = LoadedCurl();
  const CurlHandle handle(curl.init());
  if (!handle) throw InternalError("curl cannot start");
  SetServer(handle.get(), server);
  const std::string sender = "<" + AddressOf(message.from) + ">";
  const std::string recipient = "<" + AddressOf(message.to) + ">";
  const CurlList recipients(curl.slist_append(nullptr, recipient.c_str()));
  const std::string content = FormatMessage(message, message_id, Now());
  std::string_view rest = content;
  char reason[CURL_ERROR_SIZE] = "";
  curl.setopt(handle.get(), CURLOPT_MAIL_FROM, sender.c_str());
  curl.setopt(handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl.setopt(handle.get(), CURLOPT_READFUNCTION, ReadChunk);
  curl.setopt(handle.get(), CURLOPT_READDATA, &rest);
  curl.setopt(handle.get(), CURLOPT_UPLOAD, 1L);
  curl.setopt(handle.get(), CURLOPT_ERRORBUFFER, reason);
  const CURLcode result = curl.perform(handle.get());
  if (result == CURLE_OK) return;
  throw Unavailable(fmt::format("Mail server {}: {}", server.host, reason[0] != '\0' ? reason : curl.strerror(result)));
}

}  // namespace

Task<std::string> SendMail(SmtpServer server, Message message) {
  std::string message_id = MakeMessageId(message);
  co_await RunBlocking(
      [server = std::move(server), message = std::move(message), message_id] { Deliver(server, message, message_id); });
  co_return message_id;
}

}  // namespace immich::mail
