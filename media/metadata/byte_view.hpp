#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace immich::media {

/// Reads big-endian numbers off the front of a buffer. Reading past the end gives zeros and sets failed().
class ByteView {
 public:
  explicit ByteView(std::span<const uint8_t> bytes) : rest_(bytes) {}

  bool failed() const { return failed_; }
  bool empty() const { return rest_.empty(); }
  size_t size() const { return rest_.size(); }
  std::span<const uint8_t> rest() const { return rest_; }

  uint64_t Number(size_t bytes) {
    const auto taken = Take(bytes);
    uint64_t value = 0;
    for (const uint8_t byte : taken) value = value << 8 | byte;
    return value;
  }
  uint8_t U8() { return static_cast<uint8_t>(Number(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Number(2)); }
  uint32_t U32() { return static_cast<uint32_t>(Number(4)); }

  /// The next `count` bytes, or none (and failed()) when there are fewer.
  std::span<const uint8_t> Take(size_t count) {
    if (count > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  /// Text up to a zero byte, which is taken too.
  std::string_view ZeroTerminated() {
    size_t length = 0;
    while (length < rest_.size() && rest_[length] != 0) ++length;
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), length);
    Take(length < rest_.size() ? length + 1 : length);
    return text;
  }

 private:
  std::span<const uint8_t> rest_;
  bool failed_ = false;
};

}  // namespace immich::media
