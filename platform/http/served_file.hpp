#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "platform/async/task.hpp"

namespace immich::http {

/// A regular file opened for sending. What the page cache holds is used at once; a disk is waited for only on the
/// blocking pool.
class ServedFile {
 public:
  ServedFile() = default;
  ServedFile(ServedFile&& other) noexcept;
  ServedFile& operator=(ServedFile&& other) noexcept;
  ~ServedFile();

  /// Nothing when the file is missing, unreadable or not a regular file.
  static Task<std::optional<ServedFile>> Open(std::string path);

  std::uint64_t size_bytes() const { return size_bytes_; }
  std::int64_t modified_ns() const { return modified_ns_; }
  int descriptor() const { return descriptor_; }

  /// True when the whole of `buffer` was filled from the page cache.
  bool TryRead(std::uint64_t offset, std::span<char> buffer) const;
  /// Brings this part of the file into the page cache unless it is there.
  Task<void> Load(std::uint64_t offset, std::size_t length) const;

 private:
  /// Fills in what fstat says; false when it is not a regular file.
  bool Adopt(int descriptor);
  bool IsCached(std::uint64_t offset) const;

  int descriptor_ = -1;
  std::uint64_t size_bytes_ = 0;
  std::int64_t modified_ns_ = 0;
};

}  // namespace immich::http
