#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "server/core/ids.hpp"

namespace immich::http {
class SocketIoEmitter;
}

namespace immich {

/// Live events to connected clients (facts: websocket). Delivery is best effort: failures are logged, never thrown.
class ClientEvents {
 public:
  explicit ClientEvents(http::SocketIoEmitter& emitter) : emitter_(emitter) {}

  /// `arguments`: each complete JSON.
  Task<void> ToUser(UserId user, std::string_view event, std::vector<std::string> arguments);
  Task<void> ToSession(SessionId session, std::string_view event, std::vector<std::string> arguments);
  Task<void> ToAll(std::string_view event, std::vector<std::string> arguments);

 private:
  Task<void> Send(std::string room, std::string_view event, std::vector<std::string> arguments);

  http::SocketIoEmitter& emitter_;
};

/// JSON string of an identifier: `"<uuid>"`.
std::string JsonId(const Uuid& id);
/// JSON array of identifiers.
std::string JsonIds(const std::vector<AssetId>& ids);

}  // namespace immich
