#include "platform/http/web_socket_frame.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

constexpr std::size_t kMaxControlBytes = 125;

bool IsControl(WebSocketOpcode opcode) {
  return static_cast<int>(opcode) >= 8;
}

std::uint8_t ByteAt(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

/// Codes a peer may send (RFC 6455, 7.4).
bool IsCloseCode(int code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code < 5000);
}

bool IsClosePayload(std::string_view payload) {
  if (payload.empty()) return true;
  if (payload.size() == 1) return false;
  return IsCloseCode(ByteAt(payload, 0) * 256 + ByteAt(payload, 1)) && IsValidUtf8(payload.substr(2));
}

}  // namespace

std::optional<WebSocketParser::Event> WebSocketParser::Next(std::string_view& input) {
  while (!error_) {
    if (!in_payload_ && !TakeHeader(input)) return std::nullopt;
    if (error_) return std::nullopt;
    TakePayload(input);
    if (received_ < length_) return std::nullopt;
    in_payload_ = false;
    if (auto event = FinishFrame()) return event;
  }
  return std::nullopt;
}

std::size_t WebSocketParser::HeaderBytes() const {
  if (header_.size() < 2) return 2;
  const int short_length = ByteAt(header_, 1) & 0x7F;
  const std::size_t length_bytes = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  return 2 + length_bytes + ((ByteAt(header_, 1) & 0x80) != 0 ? 4 : 0);
}

bool WebSocketParser::TakeHeader(std::string_view& input) {
  while (header_.size() < HeaderBytes()) {
    if (input.empty()) return false;
    const std::size_t count = std::min(HeaderBytes() - header_.size(), input.size());
    header_.append(input.substr(0, count));
    input.remove_prefix(count);
  }
  final_ = (ByteAt(header_, 0) & 0x80) != 0;
  opcode_ = static_cast<WebSocketOpcode>(ByteAt(header_, 0) & 0x0F);
  length_ = ByteAt(header_, 1) & 0x7F;
  const std::size_t length_bytes = length_ == 126 ? 2 : length_ == 127 ? 8 : 0;
  if (length_bytes > 0) length_ = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length_ = length_ * 256 + ByteAt(header_, 2 + i);
  error_ = CheckHeader();
  if (!error_) std::copy(header_.end() - 4, header_.end(), mask_);
  header_.clear();
  in_payload_ = true;
  received_ = 0;
  return true;
}

std::optional<std::uint16_t> WebSocketParser::CheckHeader() const {
  const bool has_reserved_bits = (ByteAt(header_, 0) & 0x70) != 0;
  const bool is_masked = (ByteAt(header_, 1) & 0x80) != 0;
  const int opcode = static_cast<int>(opcode_);
  if (has_reserved_bits || !is_masked || (opcode > 2 && opcode < 8) || opcode > 10) return kCloseProtocolError;
  if (IsControl(opcode_)) {
    if (!final_ || length_ > kMaxControlBytes) return kCloseProtocolError;
    return std::nullopt;
  }
  const bool continues = opcode_ == WebSocketOpcode::kContinuation;
  const bool is_open = message_opcode_ != WebSocketOpcode::kContinuation;
  if (continues != is_open) return kCloseProtocolError;
  if (length_ > max_message_bytes_ - std::min(max_message_bytes_, message_.size())) return kCloseTooBig;
  return std::nullopt;
}

void WebSocketParser::TakePayload(std::string_view& input) {
  const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(length_ - received_, input.size()));
  std::string& target = IsControl(opcode_) ? control_ : message_;
  const std::size_t begin = target.size();
  target.append(input.substr(0, count));
  for (std::size_t i = 0; i < count; ++i) {
    target[begin + i] = static_cast<char>(ByteAt(target, begin + i) ^ mask_[(received_ + i) % 4]);
  }
  received_ += count;
  input.remove_prefix(count);
}

std::optional<WebSocketParser::Event> WebSocketParser::FinishFrame() {
  if (IsControl(opcode_)) {
    Event event{opcode_, std::exchange(control_, {})};
    if (opcode_ == WebSocketOpcode::kClose && !IsClosePayload(event.payload)) {
      error_ = kCloseProtocolError;
      return std::nullopt;
    }
    return event;
  }
  if (opcode_ != WebSocketOpcode::kContinuation) message_opcode_ = opcode_;
  if (!final_) return std::nullopt;
  Event event{std::exchange(message_opcode_, WebSocketOpcode::kContinuation), std::exchange(message_, {})};
  if (event.opcode == WebSocketOpcode::kText && !IsValidUtf8(event.payload)) {
    error_ = kCloseInvalidData;
    return std::nullopt;
  }
  return event;
}

std::string EncodeWebSocketFrame(WebSocketOpcode opcode, std::string_view payload) {
  std::string frame;
  frame.reserve(payload.size() + 10);
  frame.push_back(static_cast<char>(0x80 | static_cast<int>(opcode)));
  const std::size_t length = payload.size();
  const int length_bytes = length < 126 ? 0 : length < 65536 ? 2 : 8;
  frame.push_back(static_cast<char>(length_bytes == 0 ? length : length_bytes == 2 ? 126 : 127));
  for (int i = length_bytes - 1; i >= 0; --i) frame.push_back(static_cast<char>(length >> (8 * i)));
  frame.append(payload);
  return frame;
}

std::string EncodeWebSocketClose(std::uint16_t code) {
  const char payload[2] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return EncodeWebSocketFrame(WebSocketOpcode::kClose, {payload, 2});
}

std::string WebSocketAccept(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> digest{};
  unsigned int digest_bytes = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &digest_bytes, EVP_sha1(), nullptr);
  std::array<unsigned char, 29> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return std::string(reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length));
}

}  // namespace immich::http
