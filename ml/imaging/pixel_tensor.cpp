#include "ml/imaging/pixel_tensor.hpp"

#include <cstddef>

namespace immich::ml {
namespace {

/// All 256 results of one channel.
std::array<float, 256> TableOf(const PixelScale& scale, std::size_t channel) {
  std::array<float, 256> table{};
  for (std::size_t value = 0; value < table.size(); ++value) {
    table[value] = (static_cast<float>(value) / scale.divisor - scale.mean[channel]) / scale.deviation[channel];
  }
  return table;
}

}  // namespace

void FillPlanes(const RgbImage& image, const PixelScale& scale, int plane_width, int plane_height,
                std::span<float> planes) {
  const std::size_t plane = static_cast<std::size_t>(plane_width) * static_cast<std::size_t>(plane_height);
  for (std::size_t c = 0; c < 3; ++c) {
    const auto table = TableOf(scale, c);
    for (int y = 0; y < image.height; ++y) {
      const std::uint8_t* pixel = image.Row(y) + scale.channels[c];
      float* out = planes.data() + c * plane + static_cast<std::size_t>(y) * static_cast<std::size_t>(plane_width);
      for (int x = 0; x < image.width; ++x, pixel += 3) out[x] = table[*pixel];
    }
  }
}

std::array<float, 3> ScaledBlack(const PixelScale& scale) {
  std::array<float, 3> black{};
  for (std::size_t c = 0; c < 3; ++c) black[c] = TableOf(scale, c)[0];
  return black;
}

}  // namespace immich::ml
