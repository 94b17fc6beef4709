#include "media/worker/worker_channel.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "media/worker/media_protocol.hpp"

namespace immich::media {

bool WorkerChannel::ReadAll(char* to, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = recv(fd_, to, size, 0);
    if (got == 0 || (got < 0 && errno != EINTR)) return false;
    if (got < 0) continue;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

std::optional<std::string> WorkerChannel::Receive() const {
  std::array<char, kMessageHeadBytes> head;
  if (!ReadAll(head.data(), head.size())) return std::nullopt;
  const std::uint32_t size = DecodeMessageHead(head);
  if (size > kMaxMessageBytes) return std::nullopt;
  std::string message(size, '\0');
  if (!ReadAll(message.data(), message.size())) return std::nullopt;
  return message;
}

bool WorkerChannel::Send(std::string_view message) const {
  const auto head = EncodeMessageHead(static_cast<std::uint32_t>(message.size()));
  std::string bytes(head.data(), head.size());
  bytes += message;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t sent = send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace immich::media
