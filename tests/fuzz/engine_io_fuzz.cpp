// Websocket frames with engine.io messages: no input crashes the parsers, and pieces make no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "platform/http/socket_io_packet.hpp"
#include "platform/http/web_socket_frame.hpp"

namespace {

std::string Parse(std::string_view bytes, std::size_t piece_bytes) {
  constexpr std::size_t kMaxMessageBytes = 1000;
  immich::http::WebSocketParser parser(kMaxMessageBytes);
  std::string out;
  for (std::size_t at = 0; at < bytes.size() && !parser.error(); at += piece_bytes) {
    std::string_view piece = bytes.substr(at, piece_bytes);
    while (auto event = parser.Next(piece)) {
      if (event->payload.size() > kMaxMessageBytes) std::abort();
      out += std::to_string(static_cast<int>(event->opcode)) + event->payload + "\n";
      static_cast<void>(immich::http::ParseSocketIoPacket(event->payload));
    }
  }
  return out + (parser.error() ? std::to_string(*parser.error()) : "ok");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (Parse(bytes, bytes.size() + 1) != Parse(bytes, 1 + data[0] % 16)) std::abort();
  static_cast<void>(immich::http::ParseSocketIoPacket(bytes));
  return 0;
}
