#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace immich::ml {

/// Pixels a picture may have before it is refused; protects the memory. 268 megapixels, the limit of the server.
inline constexpr std::int64_t kMaxPicturePixels = 268'402'689;

/// Interleaved 8-bit sRGB, no padding between rows.
struct RgbImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  static RgbImage Make(int width, int height) {
    return {width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 3)};
  }
  const std::uint8_t* Row(int y) const { return pixels.data() + static_cast<std::size_t>(y) * width * 3; }
  std::uint8_t* Row(int y) { return pixels.data() + static_cast<std::size_t>(y) * width * 3; }
};

}  // namespace immich::ml
