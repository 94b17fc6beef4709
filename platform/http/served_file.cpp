#include "platform/http/served_file.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "platform/async/blocking.hpp"

namespace immich::http {
namespace {

constexpr int kOpenFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

/// Opens without touching a disk; -1 with EAGAIN when that is not possible (or the kernel is older than 5.12).
int OpenCached(const char* path) {
  open_how how{};
  how.flags = kOpenFlags;
  how.resolve = RESOLVE_CACHED;
  const long descriptor = ::syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  if (descriptor < 0 && (errno == ENOSYS || errno == EINVAL || errno == EPERM)) errno = EAGAIN;
  return static_cast<int>(descriptor);
}

/// Reads without waiting for a disk. -1 when it would wait, and on file systems that do not know the flag.
ssize_t ReadCached(int descriptor, std::uint64_t offset, std::span<char> buffer) {
  const iovec part{buffer.data(), buffer.size()};
  return ::preadv2(descriptor, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
}

/// Waits for the disk. Runs on the blocking pool.
void ReadThrough(int descriptor, std::uint64_t offset, std::size_t length) {
  constexpr std::size_t kBlockBytes = 128 * 1024;
  ::readahead(descriptor, static_cast<off64_t>(offset), length);
  const auto block = std::make_unique_for_overwrite<char[]>(kBlockBytes);
  while (length > 0) {
    const ssize_t count = ::pread(descriptor, block.get(), std::min(length, kBlockBytes), static_cast<off_t>(offset));
    if (count <= 0) return;
    offset += static_cast<std::uint64_t>(count);
    length -= static_cast<std::size_t>(count);
  }
}

}  // namespace

ServedFile::ServedFile(ServedFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      size_bytes_(other.size_bytes_),
      modified_ns_(other.modified_ns_) {}

ServedFile& ServedFile::operator=(ServedFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  size_bytes_ = other.size_bytes_;
  modified_ns_ = other.modified_ns_;
  return *this;
}

ServedFile::~ServedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Task<std::optional<ServedFile>> ServedFile::Open(std::string path) {
  ServedFile file;
  if (path.find('\0') != std::string::npos) co_return std::nullopt;
  int descriptor = OpenCached(path.c_str());
  if (descriptor < 0 && errno == EAGAIN) {
    const auto opened = std::make_shared<ServedFile>();
    auto open_slowly = [opened, path] {
      opened->descriptor_ = ::open(path.c_str(), kOpenFlags);
      return 0;
    };
    co_await RunBlocking(std::move(open_slowly));
    descriptor = std::exchange(opened->descriptor_, -1);
  }
  if (descriptor < 0 || !file.Adopt(descriptor)) co_return std::nullopt;
  co_return file;
}

bool ServedFile::Adopt(int descriptor) {
  descriptor_ = descriptor;
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  size_bytes_ = static_cast<std::uint64_t>(status.st_size);
  modified_ns_ = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
  return true;
}

bool ServedFile::TryRead(std::uint64_t offset, std::span<char> buffer) const {
  return ReadCached(descriptor_, offset, buffer) == static_cast<ssize_t>(buffer.size());
}

bool ServedFile::IsCached(std::uint64_t offset) const {
  char byte = 0;
  return ReadCached(descriptor_, offset, {&byte, 1}) == 1;
}

Task<void> ServedFile::Load(std::uint64_t offset, std::size_t length) const {
  if (length == 0 || (IsCached(offset) && IsCached(offset + length - 1))) co_return;
  // The work owns a descriptor of its own: it goes on when the caller is gone.
  const auto owned = std::make_shared<ServedFile>();
  owned->descriptor_ = ::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0);
  auto load = [owned, offset, length] {
    ReadThrough(owned->descriptor_, offset, length);
    return 0;
  };
  co_await RunBlocking(std::move(load));
}

}  // namespace immich::http
