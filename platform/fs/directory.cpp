#include "platform/fs/directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich::fs {
namespace {

bool IsDirectory(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

std::string ParentOf(const std::string& path) {
  std::size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) return path.empty() ? "." : "/";
  end = path.rfind('/', end);
  if (end == std::string::npos) return ".";
  const std::size_t last = path.find_last_not_of('/', end);
  return last == std::string::npos ? "/" : path.substr(0, last + 1);
}

void EnsureDirectory(const std::string& path, unsigned mode) {
  if (mkdir(path.c_str(), mode) == 0) {
    SyncDirectory(ParentOf(path));
    return;
  }
  if (errno == EEXIST && IsDirectory(path)) return;
  if (errno != ENOENT) ThrowFileError("mkdir", path, errno);
  const std::string parent = ParentOf(path);
  if (parent == path) ThrowFileError("mkdir", path, ENOENT);
  EnsureDirectory(parent, mode);
  // Another process may have been faster.
  if (mkdir(path.c_str(), mode) != 0 && (errno != EEXIST || !IsDirectory(path))) ThrowFileError("mkdir", path, errno);
  SyncDirectory(parent);
}

void SyncDirectory(const std::string& path) {
  const Fd fd = Open(path, O_RDONLY | O_DIRECTORY);
  if (fsync(fd.get()) != 0 && errno != EINVAL && errno != ENOTSUP) ThrowFileError("fsync", path, errno);
}

bool RemoveFile(const std::string& path) {
  if (unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  ThrowFileError("unlink", path, errno);
}

std::string TemporaryNameBeside(const std::string& path) {
  constexpr std::size_t kMaxNameBytes = 255;
  const std::string suffix = "." + Uuid::Random().ToString() + ".part";
  const std::size_t slash = path.rfind('/');
  const std::string name = path.substr(slash == std::string::npos ? 0 : slash + 1);
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  return folder + "." + name.substr(0, kMaxNameBytes - 1 - suffix.size()) + suffix;
}

DiskSpace GetDiskSpace(const std::string& path) {
  struct statvfs info;
  if (statvfs(path.c_str(), &info) != 0) ThrowFileError("statvfs", path, errno);
  const std::uint64_t block = info.f_frsize;
  return {block * info.f_blocks, block * info.f_bfree, block * info.f_bavail};
}

}  // namespace immich::fs
