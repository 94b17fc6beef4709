#include "ml/model_cache/model_cache.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include "ml/models/model_error.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/fd.hpp"
#include "platform/log/log.hpp"

namespace immich::ml {
namespace {

namespace stdfs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kContext = "ModelCache";
constexpr int kTransferAttempts = 5;
constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::size_t kReadBlockBytes = 1 << 20;
constexpr double kMiB = 1024.0 * 1024.0;

/// Holds the lock of a model among processes.
fs::Fd LockModel(const ModelLocation& location) {
  fs::EnsureDirectory(location.root.string());
  fs::Fd lock = fs::Open((location.root / ".lock").string(), O_RDWR | O_CREAT);
  while (::flock(lock.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  return lock;
}

template <class Hash>
std::string HashFile(const stdfs::path& path, std::string_view prefix) {
  Hash hash;
  hash.Update(crypto::AsBytes(prefix));
  std::ifstream file(path, std::ios::binary);
  std::vector<char> block(kReadBlockBytes);
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    hash.Update(crypto::AsBytes({block.data(), static_cast<std::size_t>(file.gcount())}));
  }
  return crypto::ToHex(hash.Finish());
}

/// Empty when the file is what the hub announced, else the reason.
std::string FindFault(const RemoteFile& expected, const stdfs::path& path) {
  const std::uint64_t size = stdfs::file_size(path);
  if (expected.size_bytes != 0 && size != expected.size_bytes) {
    return fmt::format("{} bytes instead of {}", size, expected.size_bytes);
  }
  if (!expected.sha256.empty() && HashFile<crypto::Sha256>(path, "") != expected.sha256) return "wrong SHA-256";
  if (!expected.git_sha1.empty()) {
    const std::string head = fmt::format("blob {}", size) + '\0';
    if (HashFile<crypto::Sha1>(path, head) != expected.git_sha1) return "wrong checksum";
  }
  return "";
}

/// Says how far a download is, every 10 % and at most every 2 s.
class Progress {
 public:
  explicit Progress(const RemoteFile& file) : file_(file) {}
  void operator()(std::uint64_t size) {
    constexpr std::chrono::seconds kPause{2};
    const auto tenth = file_.size_bytes == 0 ? 0 : size * 10 / file_.size_bytes;
    const auto now = Clock::now();
    if (tenth == last_tenth_ || now - last_time_ < kPause) return;
    last_tenth_ = tenth;
    last_time_ = now;
    log::Info(kContext, "{}: {:.0f} of {:.0f} MiB", file_.path, static_cast<double>(size) / kMiB,
              static_cast<double>(file_.size_bytes) / kMiB);
  }

 private:
  const RemoteFile& file_;
  std::uint64_t last_tenth_ = 0;
  Clock::time_point last_time_ = Clock::now();
};

void TransferWithRetries(const RemoteFile& file, const stdfs::path& part, const DownloadOptions& options) {
  Progress progress(file);
  auto pause = kFirstPause;
  for (int attempt = 1;; ++attempt) {
    try {
      return DownloadToFile(file.url, part.string(), options, std::ref(progress));
    } catch (const DownloadError& error) {
      if (!error.is_transient() || attempt == kTransferAttempts) throw;
      log::Warn(kContext, "{}; continuing in {} ms", error.what(), pause.count());
      std::this_thread::sleep_for(pause);
      pause *= 2;
    }
  }
}

/// Downloads to `part` until the check passes; a wrong file is thrown away and fetched once more from its start.
void FetchChecked(const RemoteFile& file, const stdfs::path& part, const DownloadOptions& options) {
  for (int attempt = 1;; ++attempt) {
    TransferWithRetries(file, part, options);
    const std::string fault = FindFault(file, part);
    if (fault.empty()) return;
    stdfs::remove(part);
    if (attempt == 2) throw ModelResourceError(fmt::format("{}: {}", file.url, fault));
    log::Warn(kContext, "{}: {}; downloading it again", file.path, fault);
  }
}

void RequireSpace(const std::vector<RemoteFile>& files, const ModelLocation& location) {
  std::uint64_t needed = 0;
  for (const RemoteFile& file : files) needed += file.size_bytes;
  const std::uint64_t available = fs::GetDiskSpace(location.root.string()).available_bytes;
  if (needed > available) {
    throw ModelResourceError(fmt::format("the disk of the model cache has {:.0f} MiB, {} needs {:.0f}",
                                         static_cast<double>(available) / kMiB, location.name,
                                         static_cast<double>(needed) / kMiB));
  }
}

/// Only a checksum proves that a file need not be fetched.
bool IsCurrent(const RemoteFile& file, const stdfs::path& target) {
  std::error_code error;
  const bool is_checkable = !file.sha256.empty() || !file.git_sha1.empty();
  return is_checkable && stdfs::is_regular_file(target, error) && FindFault(file, target).empty();
}

}  // namespace

bool ModelCache::IsComplete(const ModelLocation& location) {
  std::error_code error;
  return stdfs::is_regular_file(location.onnx_file(), error);
}

void ModelCache::Ensure(const ModelLocation& location) const {
  if (!IsComplete(location)) Download(location, false);
}

void ModelCache::Renew(const ModelLocation& location) const {
  Download(location, true);
}

void ModelCache::Download(const ModelLocation& location, bool fresh) const {
  if (settings_.offline) throw ModelResourceError(location.name + " is not in the cache and downloads are off");
  try {
    const fs::Fd lock = LockModel(location);
    if (!fresh && IsComplete(location)) return;
    const auto start = Clock::now();
    log::Info(kContext, "downloading {} ({}, {})", location.name, location.task, location.type);
    const std::vector<RemoteFile> files = ListRemoteFiles(settings_, location);
    RequireSpace(files, location);
    const DownloadOptions options{.bearer_token = location.task == "ocr" ? "" : settings_.token};
    const stdfs::path parts = location.root / ".download";
    fs::EnsureDirectory(parts.string());
    for (const RemoteFile& file : files) {
      const stdfs::path target = location.root / file.path;
      if (IsCurrent(file, target)) continue;
      std::string part_name = file.path + ".part";
      std::replace(part_name.begin(), part_name.end(), '/', '~');
      FetchChecked(file, parts / part_name, options);
      fs::EnsureDirectory(target.parent_path().string());
      stdfs::rename(parts / part_name, target);
      fs::SyncDirectory(target.parent_path().string());
    }
    std::error_code ignored;
    stdfs::remove(parts, ignored);
    const std::chrono::duration<double> duration = Clock::now() - start;
    log::Info(kContext, "{} ({}, {}) is there after {:.1f} s", location.name, location.task, location.type,
              duration.count());
  } catch (const DownloadError& error) {
    throw ModelResourceError(std::string("download failed: ") + error.what());
  } catch (const stdfs::filesystem_error& error) {
    throw ModelResourceError(std::string("the model cache cannot be written: ") + error.what());
  } catch (const Error& error) {
    throw ModelResourceError(std::string("the model cache cannot be written: ") + error.what());
  }
}

}  // namespace immich::ml
