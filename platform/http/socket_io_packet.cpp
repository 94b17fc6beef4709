#include "platform/http/socket_io_packet.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace immich::http {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

void AppendJsonString(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

SocketIoPacket::Kind SocketIoKind(char type) {
  switch (type) {
    case '0':
      return SocketIoPacket::Kind::kConnect;
    case '1':
      return SocketIoPacket::Kind::kDisconnect;
    case '2':
      return SocketIoPacket::Kind::kEvent;
    case '3':
    case '4':
    case '5':
    case '6':
      return SocketIoPacket::Kind::kIgnored;
    default:
      return SocketIoPacket::Kind::kMalformed;
  }
}

SocketIoPacket ParseMessagePacket(std::string_view rest) {
  SocketIoPacket packet;
  if (rest.empty()) return packet;
  const char type = rest.front();
  packet.kind = SocketIoKind(type);
  rest.remove_prefix(1);
  if (type == '5' || type == '6') {
    // Number of binary attachments.
    rest.remove_prefix(std::min(rest.find('-'), rest.size()));
    if (!rest.empty()) rest.remove_prefix(1);
  }
  if (rest.starts_with('/')) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    packet.name_space = rest.substr(0, std::min(end, rest.find('?')));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  // Number of an acknowledgement the client asks for.
  while (!rest.empty() && IsDigit(rest.front())) rest.remove_prefix(1);
  packet.payload = rest;
  return packet;
}

}  // namespace

SocketIoPacket ParseSocketIoPacket(std::string_view message) {
  SocketIoPacket packet;
  if (message.empty()) return packet;
  const char type = message.front();
  message.remove_prefix(1);
  switch (type) {
    case '1':
      packet.kind = SocketIoPacket::Kind::kClose;
      break;
    case '2':
      packet.kind = SocketIoPacket::Kind::kPing;
      break;
    case '3':
      packet.kind = SocketIoPacket::Kind::kPong;
      break;
    case '4':
      return ParseMessagePacket(message);
    case '5':
    case '6':
    case 'b':
      packet.kind = SocketIoPacket::Kind::kIgnored;
      break;
    default:
      break;
  }
  packet.payload = message;
  return packet;
}

std::string EngineIoOpenPacket(std::string_view session_id, int ping_interval_ms, int ping_timeout_ms,
                               int max_payload) {
  return fmt::format(R"(0{{"sid":"{}","upgrades":[],"pingInterval":{},"pingTimeout":{},"maxPayload":{}}})", session_id,
                     ping_interval_ms, ping_timeout_ms, max_payload);
}

std::string SocketIoConnectPacket(std::string_view socket_id) {
  return fmt::format(R"(40{{"sid":"{}"}})", socket_id);
}

std::string SocketIoConnectErrorPacket(std::string_view name_space, std::string_view message) {
  std::string out = fmt::format("44{},{{\"message\":", name_space);
  AppendJsonString(out, message);
  return out + "}";
}

std::string SocketIoEventPacket(std::string_view event, const std::vector<std::string>& arguments_json) {
  std::string out = "42[";
  AppendJsonString(out, event);
  for (const std::string& argument : arguments_json) out.append(",").append(argument);
  return out + "]";
}

}  // namespace immich::http
