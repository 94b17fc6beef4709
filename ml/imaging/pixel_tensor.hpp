#pragma once

#include <array>
#include <span>

#include "ml/imaging/rgb_image.hpp"

namespace immich::ml {

/// How pixels become numbers: (value / divisor - mean) / deviation, per channel in the order of `channels`.
struct PixelScale {
  float divisor = 1;
  std::array<float, 3> mean{0, 0, 0};
  std::array<float, 3> deviation{1, 1, 1};
  /// Position in RGB of the channels of the tensor: {0, 1, 2} is RGB, {2, 1, 0} BGR.
  std::array<int, 3> channels{0, 1, 2};
};

/// Writes the picture into the upper left of three planes of `plane_width` × `plane_height`; what is outside the
/// picture keeps its values. `planes` holds 3 × plane_width × plane_height numbers.
void FillPlanes(const RgbImage& image, const PixelScale& scale, int plane_width, int plane_height,
                std::span<float> planes);

/// The number a black pixel (0) becomes: what padding has.
std::array<float, 3> ScaledBlack(const PixelScale& scale);

}  // namespace immich::ml
