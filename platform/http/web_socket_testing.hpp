#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/http/http_test_server.hpp"
#include "platform/http/web_socket_frame.hpp"

namespace immich::http {

/// For tests: the client side of a websocket, as plain as it gets.
class WebSocketClient {
 public:
  struct Frame {
    WebSocketOpcode opcode = WebSocketOpcode::kContinuation;
    std::string payload;
    bool operator==(const Frame&) const = default;
  };

  WebSocketClient(std::uint16_t port, std::string_view path, std::string_view headers = "") : client_(port) {
    client_.Send(GetText(path,
                         "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                             std::string(headers)));
    handshake_ = client_.ReadHead();
  }
  const std::string& handshake() const { return handshake_; }

  static std::string Encode(WebSocketOpcode opcode, std::string_view payload, bool is_final) {
    std::string frame = EncodeWebSocketFrame(opcode, payload);
    if (!is_final) frame[0] = static_cast<char>(frame[0] & 0x7F);
    frame[1] = static_cast<char>(frame[1] | 0x80);
    constexpr unsigned char kMask[4] = {0x12, 0x34, 0x56, 0x78};
    std::string masked = frame.substr(0, frame.size() - payload.size());
    masked.append(reinterpret_cast<const char*>(kMask), 4);
    for (std::size_t i = 0; i < payload.size(); ++i) {
      masked.push_back(static_cast<char>(static_cast<unsigned char>(payload[i]) ^ kMask[i % 4]));
    }
    return masked;
  }
  void Send(WebSocketOpcode opcode, std::string_view payload) { SendRaw(Encode(opcode, payload, true)); }
  void SendRaw(std::string_view bytes) { client_.Send(bytes); }
  void Close() { client_.Close(); }

  /// Opcode kContinuation when the connection ended.
  Frame ReadFrame() {
    Frame frame;
    const std::string head = client_.ReadBytes(2);
    if (head.size() < 2) return frame;
    std::uint64_t length = static_cast<unsigned char>(head[1]);
    if (length >= 126) {
      const std::string more = client_.ReadBytes(length == 126 ? 2 : 8);
      length = 0;
      for (const char c : more) length = length * 256 + static_cast<unsigned char>(c);
    }
    frame.opcode = static_cast<WebSocketOpcode>(head[0] & 0x0F);
    frame.payload = client_.ReadBytes(length);
    return frame;
  }
  /// Payload of the next text frame; `<end>` when something else comes.
  std::string ReadText() {
    Frame frame = ReadFrame();
    return frame.opcode == WebSocketOpcode::kText ? frame.payload : "<end>";
  }

 private:
  RawClient client_;
  std::string handshake_;
};

}  // namespace immich::http
