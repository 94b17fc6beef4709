#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace immich::http {

enum class WebSocketOpcode : std::uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10
};

/// Close codes of RFC 6455, 7.4.1.
constexpr std::uint16_t kCloseNormal = 1000;
constexpr std::uint16_t kCloseGoingAway = 1001;
constexpr std::uint16_t kCloseProtocolError = 1002;
constexpr std::uint16_t kCloseInvalidData = 1007;
constexpr std::uint16_t kCloseTooBig = 1009;

/// Decodes the frames of a client (RFC 6455): unmasks, joins fragments, checks lengths and UTF-8. No extensions.
class WebSocketParser {
 public:
  explicit WebSocketParser(std::size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  struct Event {
    /// kText or kBinary: a whole message; kClose, kPing, kPong: control frames.
    WebSocketOpcode opcode;
    std::string payload;
  };
  /// Takes bytes off `input` until an event is complete, the input is used up or the peer broke the protocol.
  std::optional<Event> Next(std::string_view& input);
  /// Close code when the peer broke the protocol.
  std::optional<std::uint16_t> error() const { return error_; }

 private:
  bool TakeHeader(std::string_view& input);
  std::optional<std::uint16_t> CheckHeader() const;
  void TakePayload(std::string_view& input);
  std::optional<Event> FinishFrame();
  std::size_t HeaderBytes() const;

  std::size_t max_message_bytes_;
  std::optional<std::uint16_t> error_;
  std::string header_;
  bool in_payload_ = false;
  bool final_ = false;
  WebSocketOpcode opcode_ = WebSocketOpcode::kText;
  std::uint64_t length_ = 0;
  std::uint64_t received_ = 0;
  std::uint8_t mask_[4] = {};
  /// Opcode of the message being joined; kContinuation when there is none.
  WebSocketOpcode message_opcode_ = WebSocketOpcode::kContinuation;
  std::string message_;
  std::string control_;
};

/// An unmasked, final frame of the server.
std::string EncodeWebSocketFrame(WebSocketOpcode opcode, std::string_view payload);
std::string EncodeWebSocketClose(std::uint16_t code);
/// `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`.
std::string WebSocketAccept(std::string_view key);

}  // namespace immich::http
