#include "platform/fs/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "platform/crypto/text_encoding.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"

namespace immich::fs {

void WriteAllAt(int fd, std::span<const std::uint8_t> bytes, std::uint64_t offset, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) ThrowFileError("write", path, written == 0 ? EIO : errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

void WriteFileAtomically(const std::string& path, std::span<const std::uint8_t> bytes, unsigned mode) {
  const std::string temporary = TemporaryNameBeside(path);
  Fd fd = Open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode);
  try {
    WriteAllAt(fd.get(), bytes, 0, path);
    if (fsync(fd.get()) != 0) ThrowFileError("fsync", path, errno);
    fd.Reset();
    if (rename(temporary.c_str(), path.c_str()) != 0) ThrowFileError("rename", path, errno);
  } catch (...) {
    unlink(temporary.c_str());
    throw;
  }
  SyncDirectory(ParentOf(path));
}

void WriteFileAtomically(const std::string& path, std::string_view text, unsigned mode) {
  WriteFileAtomically(path, crypto::AsBytes(text), mode);
}

}  // namespace immich::fs
