#include "media/worker/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/fs/atomic_file.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"

namespace immich::media {

void WriteSynced(const std::string& path, std::span<const std::uint8_t> bytes) {
  fs::EnsureDirectory(fs::ParentOf(path));
  const fs::Fd file = fs::Open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
  fs::WriteAllAt(file.get(), bytes, 0, path);
  if (fdatasync(file.get()) != 0) fs::ThrowFileError("fdatasync", path, errno);
}

}  // namespace immich::media
