#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace immich::media {

/// A file opened for reads at positions. Reads outside the file give fewer bytes, never an error.
class PositionedFile {
 public:
  explicit PositionedFile(const std::string& path);
  ~PositionedFile();
  PositionedFile(const PositionedFile&) = delete;
  PositionedFile& operator=(const PositionedFile&) = delete;

  bool is_open() const { return fd_ >= 0; }
  uint64_t size() const { return size_; }
  std::vector<uint8_t> Read(uint64_t offset, size_t length) const;

 private:
  int fd_ = -1;
  uint64_t size_ = 0;
};

}  // namespace immich::media
