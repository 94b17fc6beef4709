#include "platform/fs/file_move.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "platform/fs/atomic_file.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"

namespace immich::fs {
namespace {

constexpr std::size_t kCopyStepBytes = 8 * 1024 * 1024;

/// rename(2) that does not replace an existing target unless told so.
int Rename(const std::string& from, const std::string& to, bool replace) {
  if (replace) return rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // File systems without the flag: a hard link refuses an existing name just as well.
  if (link(from.c_str(), to.c_str()) == 0) return unlink(from.c_str()) == 0 ? 0 : errno;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return errno;
  if (access(to.c_str(), F_OK) == 0) return EEXIST;
  return rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

enum class Method { kCopyFileRange, kSendFile, kReadWrite };

/// One step of at most `size` bytes; 0 at the end, -1 with errno on failure.
ssize_t CopyStep(Method method, int from, int to, std::size_t size, std::vector<std::uint8_t>& buffer) {
  if (method == Method::kCopyFileRange) return copy_file_range(from, nullptr, to, nullptr, size, 0);
  if (method == Method::kSendFile) return sendfile(to, from, nullptr, size);
  buffer.resize(std::min<std::size_t>(size, 1024 * 1024));
  const ssize_t got = read(from, buffer.data(), buffer.size());
  for (ssize_t done = 0; done < got;) {
    const ssize_t written = write(to, buffer.data() + done, static_cast<std::size_t>(got - done));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return -1;
    done += written;
  }
  return got;
}

/// Copies the rest of `from` to `to`: inside the kernel where it can, else through memory.
void CopyContent(int from, int to, std::uint64_t size, const std::string& path) {
  Method method = Method::kCopyFileRange;
  std::vector<std::uint8_t> buffer;
  for (std::uint64_t done = 0;;) {
    const ssize_t copied = CopyStep(method, from, to, kCopyStepBytes, buffer);
    const int error = errno;
    if (copied > 0) {
      done += static_cast<std::uint64_t>(copied);
    } else if (copied < 0 && error == EINTR) {
      continue;
    } else if (method != Method::kReadWrite && done < size && (copied == 0 || (error != ENOSPC && error != EDQUOT))) {
      // Some file systems refuse a method, or report an early end; both calls move the file offsets, so go on from
      // here.
      method = method == Method::kCopyFileRange ? Method::kSendFile : Method::kReadWrite;
    } else if (copied == 0) {
      return;
    } else {
      ThrowFileError("copy", path, error);
    }
  }
}

void KeepModeAndTimes(int fd, const struct stat& info, const std::string& path) {
  // Owner and mode cannot be set on every file system; the content is what counts.
  (void)!fchown(fd, info.st_uid, info.st_gid);
  (void)!fchmod(fd, info.st_mode & 07777);
  const timespec times[2] = {info.st_atim, info.st_mtim};
  if (futimens(fd, times) != 0 && errno != EPERM && errno != ENOTSUP) ThrowFileError("futimens", path, errno);
}

crypto::Sha1Digest HashOpenFile(int fd, const std::string& path) {
  crypto::Sha1 sha1;
  std::vector<std::uint8_t> buffer(1024 * 1024);
  for (off_t offset = 0;;) {
    const ssize_t got = pread(fd, buffer.data(), buffer.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) ThrowFileError("read", path, errno);
    if (got == 0) return sha1.Finish();
    sha1.Update({buffer.data(), static_cast<std::size_t>(got)});
    offset += got;
  }
}

/// Copies `from` to the new file `temporary` and checks what arrived.
void CopyToTemporary(const std::string& from, const std::string& temporary, const MoveOptions& options) {
  const Fd source = Open(from, O_RDONLY);
  struct stat info;
  if (fstat(source.get(), &info) != 0) ThrowFileError("stat", from, errno);
  if (!S_ISREG(info.st_mode)) throw FileError("copy", from, EINVAL);
  const Fd target = Open(temporary, O_RDWR | O_CREAT | O_EXCL, 0600);
  CopyContent(source.get(), target.get(), static_cast<std::uint64_t>(info.st_size), from);
  struct stat copied;
  if (fstat(target.get(), &copied) != 0) ThrowFileError("stat", temporary, errno);
  if (copied.st_size != info.st_size) throw InternalError("The copy of " + from + " has another size than the file");
  if (options.sha1 && HashOpenFile(target.get(), temporary) != *options.sha1) {
    throw InternalError("The copy of " + from + " has another checksum than expected");
  }
  KeepModeAndTimes(target.get(), info, temporary);
  if (fsync(target.get()) != 0) ThrowFileError("fsync", temporary, errno);
}

}  // namespace

void CopyFile(const std::string& from, const std::string& to, const MoveOptions& options) {
  const std::string temporary = TemporaryNameBeside(to);
  try {
    CopyToTemporary(from, temporary, options);
    if (const int error = Rename(temporary, to, options.replace); error != 0) ThrowFileError("rename", to, error);
  } catch (...) {
    unlink(temporary.c_str());
    throw;
  }
  SyncDirectory(ParentOf(to));
}

void MoveFile(const std::string& from, const std::string& to, const MoveOptions& options) {
  const int error = Rename(from, to, options.replace);
  if (error == EXDEV) {
    CopyFile(from, to, options);
    RemoveFile(from);
  } else if (error != 0) {
    ThrowFileError("rename", from + " to " + to, error);
  } else {
    SyncDirectory(ParentOf(to));
  }
  if (ParentOf(from) != ParentOf(to)) SyncDirectory(ParentOf(from));
}

crypto::Sha1Digest HashFileSha1(const std::string& path) {
  const Fd fd = Open(path, O_RDONLY);
  return HashOpenFile(fd.get(), path);
}

}  // namespace immich::fs
