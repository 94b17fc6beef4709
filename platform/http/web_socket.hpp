#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"

namespace immich::http {

/// A server-side websocket after the handshake; text messages only as socket.io uses them (binary is delivered as
/// text).
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  /// Next message; nullopt when the peer closed or the connection broke. Messages over 1 MB close the connection.
  virtual Task<std::optional<std::string>> Read() = 0;
  /// Queues a message; a peer that lets more than 4 MB pile up is closed.
  virtual void Send(std::string message) = 0;
  virtual void Close() = 0;
};

}  // namespace immich::http
