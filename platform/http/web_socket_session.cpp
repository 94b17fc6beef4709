#include "platform/http/web_socket_session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "platform/http/http_errors.hpp"
#include "platform/http/http_head.hpp"
#include "platform/log/log.hpp"

namespace immich::http {
namespace {

/// Limits promised in web_socket.hpp; 1,000,000 is also what engine.io announces as maxPayload.
constexpr std::size_t kMaxMessageBytes = 1'000'000;
constexpr std::size_t kMaxQueuedBytes = 4 * 1024 * 1024;
constexpr std::size_t kKeyBytes = 24;
constexpr std::chrono::seconds kDrainTime{5};
constexpr std::chrono::milliseconds kCloseLingerTime{2000};

}  // namespace

WebSocketSession::WebSocketSession(const std::shared_ptr<void>& owner, Transport& transport, PendingInput& pending,
                                   std::vector<char>& scratch)
    : owner_(owner),
      transport_(transport),
      pending_(pending),
      scratch_(scratch),
      parser_(kMaxMessageBytes),
      drained_(transport.socket().get_executor()) {}

Task<void> WebSocketSession::Serve(Request& request, const std::function<Task<void>(Request&, WebSocket&)>& handler) {
  const bool accepted = co_await AnswerHandshake(request);
  if (!accepted) co_return;
  try {
    co_await handler(request, *this);
  } catch (const std::exception& error) {
    log::Error("WebSocket", "{} [{}]: {}", request.path, request.correlation_id, error.what());
  }
  Close();
  co_await AwaitDrained();
  is_over_ = true;
  if (!has_seen_close_) co_await transport_.Linger(kCloseLingerTime);
}

Task<bool> WebSocketSession::AnswerHandshake(const Request& request) {
  const std::string_view key = request.headers.Get("Sec-WebSocket-Key");
  if (request.method != Method::kGet || !ListHasToken(request.headers.Get("Connection"), "upgrade") ||
      key.size() != kKeyBytes) {
    co_await Refuse(request, 400, "Bad Request");
    co_return false;
  }
  if (request.headers.Get("Sec-WebSocket-Version") != "13") {
    co_await Refuse(request, 426, "Upgrade Required");
    co_return false;
  }
  const std::string answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      WebSocketAccept(key) + "\r\n\r\n";
  co_await transport_.Write(answer);
  co_return true;
}

Task<void> WebSocketSession::Refuse(const Request& request, int status, std::string_view message) {
  const std::string body = Error(status, std::string(message)).JsonBody();
  std::string answer = "HTTP/1.1 " + std::to_string(status) + " " + std::string(ReasonPhrase(status)) + "\r\n";
  answer += "X-Correlation-ID: " + request.correlation_id + "\r\nContent-Type: application/json; charset=utf-8\r\n";
  if (status == 426) answer += "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n";
  answer += "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
  co_await transport_.Write(answer);
}

Task<std::optional<std::string>> WebSocketSession::Read() {
  for (;;) {
    if (is_over_ || parser_.error()) co_return std::nullopt;
    if (!pending_.empty()) {
      const std::string input(pending_.view());
      pending_.Consume(input.size());
      if (auto message = TakeMessage(input)) co_return message;
      continue;
    }
    pending_.ReleaseIfEmpty();
    const bool readable = co_await transport_.WaitReadable();
    if (!readable || is_over_) co_return std::nullopt;
    const Transport::ReadResult result = transport_.TryRead(scratch_);
    if (result.status == Transport::Status::kClosed) co_return std::nullopt;
    if (result.status == Transport::Status::kWouldBlock) continue;
    if (auto message = TakeMessage({scratch_.data(), result.bytes})) co_return message;
  }
}

std::optional<std::string> WebSocketSession::TakeMessage(std::string_view input) {
  while (auto event = parser_.Next(input)) {
    switch (event->opcode) {
      case WebSocketOpcode::kText:
      case WebSocketOpcode::kBinary:
        pending_.Append(input);
        return std::move(event->payload);
      case WebSocketOpcode::kPing:
        Enqueue(EncodeWebSocketFrame(WebSocketOpcode::kPong, event->payload));
        break;
      case WebSocketOpcode::kClose:
        CloseWith(kCloseNormal);
        is_over_ = true;
        has_seen_close_ = true;
        return std::nullopt;
      case WebSocketOpcode::kPong:
      case WebSocketOpcode::kContinuation:
        break;
    }
  }
  if (const auto code = parser_.error()) CloseWith(*code);
  return std::nullopt;
}

void WebSocketSession::Send(std::string message) {
  if (!has_sent_close_) Enqueue(EncodeWebSocketFrame(WebSocketOpcode::kText, message));
}

void WebSocketSession::Close() {
  CloseWith(kCloseNormal);
}

void WebSocketSession::CloseWith(std::uint16_t code) {
  if (has_sent_close_) return;
  Enqueue(EncodeWebSocketClose(code));
  has_sent_close_ = true;
  transport_.SetDeadline(kCloseLingerTime);
}

void WebSocketSession::Enqueue(std::string_view frame) {
  const std::shared_ptr<void> owner = owner_.lock();
  if (!owner || is_over_ || has_sent_close_ || !transport_.is_open()) return;
  if (writing_bytes_ + queue_.size() + frame.size() > kMaxQueuedBytes) {
    log::Debug("WebSocket", "a client that does not read was disconnected");
    is_over_ = true;
    transport_.Close();
    return;
  }
  queue_.append(frame);
  if (is_writing_) return;
  is_writing_ = true;
  auto write = [self = shared_from_this(), owner]() -> Task<void> { co_await self->WriteQueue(); };
  boost::asio::co_spawn(transport_.socket().get_executor(), std::move(write), boost::asio::detached);
}

Task<void> WebSocketSession::WriteQueue() {
  try {
    while (!queue_.empty()) {
      const std::string bytes = std::exchange(queue_, {});
      writing_bytes_ = bytes.size();
      co_await transport_.Write(bytes);
    }
  } catch (const ClientGone&) {
    is_over_ = true;
    transport_.Close();
  }
  writing_bytes_ = 0;
  is_writing_ = false;
  if (has_sent_close_) transport_.SetDeadline(kCloseLingerTime);
  drained_.cancel();
}

Task<void> WebSocketSession::AwaitDrained() {
  if (!is_writing_) co_return;
  drained_.expires_after(kDrainTime);
  co_await drained_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace immich::http
