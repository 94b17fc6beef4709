#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "platform/async/task.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/time/time_point.hpp"

namespace immich::fs {

struct FileWriterOptions {
  /// Disk space is reserved for it, so a full disk is known before the client has sent everything.
  std::optional<std::uint64_t> expected_bytes = std::nullopt;
  /// Bytes are collected to pieces of this size; each is one trip to the blocking pool.
  std::size_t chunk_bytes = 1024 * 1024;
  unsigned mode = 0644;
};

/// Writes a file that arrives piece by piece to a temporary name beside its target, hashing it in the same pass;
/// nothing blocks the event loop. Unless it is published the file is removed when the writer is destroyed.
class FileWriter {
 public:
  struct Finished {
    std::uint64_t bytes = 0;
    crypto::Sha1Digest sha1{};
  };

  /// Creates the temporary file, and the folder of `target_path` when needed. Throws Unavailable (507) when the disk
  /// cannot take `expected_bytes`.
  static Task<FileWriter> Create(std::string target_path, FileWriterOptions options = {});

  FileWriter(FileWriter&&) noexcept;
  FileWriter& operator=(FileWriter&&) noexcept;
  ~FileWriter();

  /// One call at a time. `bytes` may be gone when the returned task is done.
  Task<void> Write(std::span<const std::uint8_t> bytes);
  /// Writes what is left and syncs the content to the disk. No Write after it.
  Task<Finished> Finish();
  /// After Finish and before Publish: when the content was last changed, as its owner knows it.
  Task<void> SetModifiedTime(TimePoint time);
  /// After Finish: gives the file its target name and makes that durable. Throws FileError with EEXIST when the name is
  /// taken (names of uploads are random).
  Task<void> Publish();

  std::uint64_t bytes() const;
  const std::string& target_path() const;

 private:
  struct State;
  explicit FileWriter(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace immich::fs
