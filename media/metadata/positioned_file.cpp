#include "media/metadata/positioned_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace immich::media {

PositionedFile::PositionedFile(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status = {};
  if (fd_ >= 0 && fstat(fd_, &status) == 0) size_ = static_cast<uint64_t>(status.st_size);
}

PositionedFile::~PositionedFile() {
  if (fd_ >= 0) close(fd_);
}

std::vector<uint8_t> PositionedFile::Read(uint64_t offset, size_t length) const {
  if (fd_ < 0 || offset >= size_) return {};
  std::vector<uint8_t> bytes(std::min<uint64_t>(length, size_ - offset));
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = pread(fd_, bytes.data() + have, bytes.size() - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace immich::media
