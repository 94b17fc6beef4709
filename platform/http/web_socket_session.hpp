#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/http_body.hpp"
#include "platform/http/http_message.hpp"
#include "platform/http/http_transport.hpp"
#include "platform/http/web_socket.hpp"
#include "platform/http/web_socket_frame.hpp"

namespace immich::http {

/// A connection after its upgrade to a websocket.
class WebSocketSession final : public WebSocket, public std::enable_shared_from_this<WebSocketSession> {
 public:
  /// `owner` keeps `transport` and `pending` alive. `scratch` is the server's buffer for received packets.
  WebSocketSession(const std::shared_ptr<void>& owner, Transport& transport, PendingInput& pending,
                   std::vector<char>& scratch);

  /// Answers the handshake, runs `handler` and closes the websocket after it.
  Task<void> Serve(Request& request, const std::function<Task<void>(Request&, WebSocket&)>& handler);

  Task<std::optional<std::string>> Read() override;
  void Send(std::string message) override;
  void Close() override;

 private:
  Task<bool> AnswerHandshake(const Request& request);
  Task<void> Refuse(const Request& request, int status, std::string_view message);
  /// Next message among the bytes that have arrived; handles control frames.
  std::optional<std::string> TakeMessage(std::string_view input);
  void CloseWith(std::uint16_t code);
  void Enqueue(std::string_view frame);
  Task<void> WriteQueue();
  Task<void> AwaitDrained();

  std::weak_ptr<void> owner_;
  Transport& transport_;
  PendingInput& pending_;
  std::vector<char>& scratch_;
  WebSocketParser parser_;
  std::string queue_;
  std::size_t writing_bytes_ = 0;
  bool is_writing_ = false;
  bool has_sent_close_ = false;
  bool has_seen_close_ = false;
  bool is_over_ = false;
  boost::asio::steady_timer drained_;
};

}  // namespace immich::http
