#pragma once

#include <string>
#include <utility>

namespace immich::fs {

/// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { Reset(); }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      Reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  /// Gives the descriptor up without closing it.
  int Release() { return std::exchange(fd_, -1); }
  void Reset();

 private:
  int fd_ = -1;
};

/// open(2) with O_CLOEXEC, repeated after EINTR; throws as ThrowFileError.
Fd Open(const std::string& path, int flags, unsigned mode = 0644);
/// A second descriptor for the same open file.
Fd Duplicate(int fd);

/// Blocking. The whole file; throws PayloadTooLarge beyond `max_bytes`.
std::string ReadWholeFile(const std::string& path, std::size_t max_bytes = 64 * 1024 * 1024);

}  // namespace immich::fs
