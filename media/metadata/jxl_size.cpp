#include "media/metadata/jxl_size.hpp"

#include <cstddef>

namespace immich::media {
namespace {

/// Least significant bit first.
class BitReader {
 public:
  explicit BitReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  uint32_t Bits(int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; ++i, ++position_) {
      const size_t byte = position_ / 8;
      if (byte >= bytes_.size()) {
        failed_ = true;
        return 0;
      }
      value |= static_cast<uint32_t>(bytes_[byte] >> (position_ % 8) & 1) << i;
    }
    return value;
  }

  /// A dimension: a multiple of 8 in five bits, or a two-bit selector and 9, 13, 18 or 30 bits.
  uint32_t Dimension(bool small) {
    if (small) return (Bits(5) + 1) * 8;
    constexpr int kWidths[] = {9, 13, 18, 30};
    return Bits(kWidths[Bits(2)]) + 1;
  }

  bool failed() const { return failed_; }

 private:
  std::span<const uint8_t> bytes_;
  size_t position_ = 0;
  bool failed_ = false;
};

struct Ratio {
  uint32_t numerator, denominator;
};

}  // namespace

std::optional<ImageSize> JxlCodestreamSize(std::span<const uint8_t> codestream) {
  if (codestream.size() < 3 || codestream[0] != 0xFF || codestream[1] != 0x0A) return std::nullopt;
  BitReader bits(codestream.subspan(2));
  const bool small = bits.Bits(1) == 1;
  const uint64_t height = bits.Dimension(small);
  const uint32_t ratio = bits.Bits(3);
  constexpr Ratio kRatios[] = {{0, 1}, {1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1}};
  const uint64_t width =
      ratio == 0 ? bits.Dimension(small) : height * kRatios[ratio].numerator / kRatios[ratio].denominator;
  if (bits.failed() || width > 1U << 30) return std::nullopt;
  return ImageSize{static_cast<int>(width), static_cast<int>(height)};
}

}  // namespace immich::media
