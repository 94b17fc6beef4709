#include "platform/fs/fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/error/error.hpp"
#include "platform/fs/file_error.hpp"

namespace immich::fs {

void Fd::Reset() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

Fd Open(const std::string& path, int flags, unsigned mode) {
  for (;;) {
    const int fd = open(path.c_str(), flags | O_CLOEXEC, mode);
    if (fd >= 0) return Fd(fd);
    if (errno != EINTR) ThrowFileError("open", path, errno);
  }
}

Fd Duplicate(int fd) {
  const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) ThrowFileError("dup", "descriptor", errno);
  return Fd(copy);
}

std::string ReadWholeFile(const std::string& path, std::size_t max_bytes) {
  constexpr std::size_t kStep = 64 * 1024;
  const Fd fd = Open(path, O_RDONLY);
  std::string bytes;
  for (;;) {
    const std::size_t size = bytes.size();
    bytes.resize(size + kStep);
    const ssize_t got = read(fd.get(), bytes.data() + size, kStep);
    bytes.resize(size + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0) return bytes;
    if (got < 0 && errno != EINTR) ThrowFileError("read", path, errno);
    if (bytes.size() > max_bytes) throw PayloadTooLarge("A file is larger than the server reads at once");
  }
}

}  // namespace immich::fs
