#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace immich::http {

/// One text message of engine.io 4 with the socket.io 5 packet it may carry.
struct SocketIoPacket {
  enum class Kind {
    kPing,
    kPong,
    kClose,
    kConnect,
    kDisconnect,
    kEvent,
    /// Known to the protocol but without meaning for this server: acknowledgements, binary attachments, upgrades.
    kIgnored,
    kMalformed
  };
  Kind kind = Kind::kMalformed;
  /// `/` unless the packet names another.
  std::string name_space = "/";
  /// JSON behind the packet's head; empty when there is none. Not checked.
  std::string payload;
};

SocketIoPacket ParseSocketIoPacket(std::string_view message);

/// Engine.io's first message. Intervals in ms; `max_payload` in bytes.
std::string EngineIoOpenPacket(std::string_view session_id, int ping_interval_ms, int ping_timeout_ms, int max_payload);
std::string SocketIoConnectPacket(std::string_view socket_id);
/// Refuses a namespace other than `/`.
std::string SocketIoConnectErrorPacket(std::string_view name_space, std::string_view message);
/// `42["event",…]`; each argument is complete JSON.
std::string SocketIoEventPacket(std::string_view event, const std::vector<std::string>& arguments_json);

}  // namespace immich::http
