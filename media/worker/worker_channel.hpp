#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace immich::media {

/// The child's end of the socket: blocking, one message at a time.
class WorkerChannel {
 public:
  /// `fd` stays the caller's.
  explicit WorkerChannel(int fd) : fd_(fd) {}

  /// nullopt when the server closed its end, or sent something that is no message.
  std::optional<std::string> Receive() const;
  /// False when the server is gone.
  bool Send(std::string_view message) const;

 private:
  bool ReadAll(char* to, std::size_t size) const;

  int fd_;
};

}  // namespace immich::media
