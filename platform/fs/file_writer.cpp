#include "platform/fs/file_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "platform/async/blocking.hpp"
#include "platform/fs/atomic_file.hpp"
#include "platform/fs/directory.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/fs/file_move.hpp"

namespace immich::fs {
namespace {

/// Smaller files are not worth a reservation.
constexpr std::uint64_t kMinReservedBytes = 1024 * 1024;
/// How much may wait in memory before the kernel starts writing it out; keeps the last fsync short.
constexpr std::uint64_t kWriteBackBytes = 16 * 1024 * 1024;
/// Freeing the blocks of larger files takes long enough to be kept off the event loop.
constexpr std::uint64_t kQuickToFreeBytes = 32 * 1024 * 1024;

void Reserve(int fd, std::uint64_t bytes, const std::string& path) {
  if (bytes < kMinReservedBytes) return;
  const int result = fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes));
  if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS && errno != EINTR) {
    ThrowFileError("fallocate", path, errno);
  }
}

}  // namespace

/// Shared with work on the blocking pool, which may outlive a writer whose caller was dropped.
struct FileWriter::State {
  std::string target_path;
  std::string temporary_path;
  FileWriterOptions options;
  Fd fd;
  crypto::Sha1 sha1;
  std::vector<std::uint8_t> buffer;
  std::uint64_t flushed_bytes = 0;
  std::uint64_t written_back_bytes = 0;
  bool published = false;

  ~State() {
    if (published || temporary_path.empty()) return;
    unlink(temporary_path.c_str());
    if (flushed_bytes < kQuickToFreeBytes) return;
    // The last close frees the blocks of an unlinked file.
    PostBlocking([last = std::make_shared<Fd>(std::move(fd))] {});
  }

  void Open() {
    EnsureDirectory(ParentOf(target_path));
    std::string path = TemporaryNameBeside(target_path);
    fd = fs::Open(path, O_WRONLY | O_CREAT | O_EXCL, options.mode);
    temporary_path = std::move(path);
    Reserve(fd.get(), options.expected_bytes.value_or(0), target_path);
    buffer.reserve(std::min<std::uint64_t>(options.chunk_bytes, options.expected_bytes.value_or(UINT64_MAX)));
  }

  void Flush() {
    sha1.Update(buffer);
    WriteAllAt(fd.get(), buffer, flushed_bytes, target_path);
    flushed_bytes += buffer.size();
    buffer.clear();
    if (flushed_bytes - written_back_bytes < kWriteBackBytes) return;
    // Only starts writing; what fails here fails again in fsync.
    sync_file_range(fd.get(), static_cast<off_t>(written_back_bytes),
                    static_cast<off_t>(flushed_bytes - written_back_bytes), SYNC_FILE_RANGE_WRITE);
    written_back_bytes = flushed_bytes;
  }

  Finished Finish() {
    Flush();
    // Gives back reserved space that was not used.
    if (ftruncate(fd.get(), static_cast<off_t>(flushed_bytes)) != 0) ThrowFileError("ftruncate", target_path, errno);
    if (fsync(fd.get()) != 0) ThrowFileError("fsync", target_path, errno);
    return {flushed_bytes, sha1.Finish()};
  }

  void SetModifiedTime(TimePoint time) {
    const auto since_epoch = time.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
    const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch - seconds);
    const timespec times[2] = {{0, UTIME_OMIT}, {seconds.count(), rest.count()}};
    if (futimens(fd.get(), times) != 0) ThrowFileError("futimens", target_path, errno);
  }

  void Publish() {
    MoveFile(temporary_path, target_path);
    published = true;
    fd.Reset();
  }
};

FileWriter::FileWriter(std::shared_ptr<State> state) : state_(std::move(state)) {}
FileWriter::FileWriter(FileWriter&&) noexcept = default;
FileWriter& FileWriter::operator=(FileWriter&&) noexcept = default;
FileWriter::~FileWriter() = default;

Task<FileWriter> FileWriter::Create(std::string target_path, FileWriterOptions options) {
  auto state = std::make_shared<State>();
  state->target_path = std::move(target_path);
  state->options = options;
  const auto open = [state] { state->Open(); };
  co_await RunBlocking(open);
  co_return FileWriter(std::move(state));
}

Task<void> FileWriter::Write(std::span<const std::uint8_t> bytes) {
  const std::shared_ptr<State> state = state_;
  const auto flush = [state] { state->Flush(); };
  while (!bytes.empty()) {
    const std::size_t room = state->options.chunk_bytes - state->buffer.size();
    const auto piece = bytes.first(std::min(room, bytes.size()));
    state->buffer.insert(state->buffer.end(), piece.begin(), piece.end());
    bytes = bytes.subspan(piece.size());
    if (state->buffer.size() == state->options.chunk_bytes) co_await RunBlocking(flush);
  }
}

Task<FileWriter::Finished> FileWriter::Finish() {
  const auto finish = [state = state_] { return state->Finish(); };
  co_return co_await RunBlocking(finish);
}

Task<void> FileWriter::SetModifiedTime(TimePoint time) {
  const auto set = [state = state_, time] { state->SetModifiedTime(time); };
  co_await RunBlocking(set);
}

Task<void> FileWriter::Publish() {
  const auto publish = [state = state_] { state->Publish(); };
  co_await RunBlocking(publish);
}

std::uint64_t FileWriter::bytes() const {
  return state_->flushed_bytes + state_->buffer.size();
}
const std::string& FileWriter::target_path() const {
  return state_->target_path;
}

}  // namespace immich::fs
