#pragma once

#include "ml/imaging/rgb_image.hpp"

namespace immich::ml {

enum class ResampleFilter { kBilinear, kBicubic, kLanczos };

/// Pixels [left, left + width) × [top, top + height) of a resized picture.
struct ResampleWindow {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

/// Scales the picture to `width` × `height` and returns the part `window` of that; only what the part needs is
/// computed. Antialiased convolution with the arithmetic of Pillow's `Image.resize` (22-bit coefficients, 8-bit
/// intermediate rows, horizontal pass first), so that results agree bit by bit: models are trained and published with
/// that one.
RgbImage ResampleWindowed(const RgbImage& source, int width, int height, ResampleFilter filter, ResampleWindow window);

/// The whole picture.
RgbImage Resample(const RgbImage& source, int width, int height, ResampleFilter filter);

/// Bilinear without antialiasing, pixel centres aligned, as OpenCV's `resize` does by default (11-bit weights).
RgbImage ResampleBilinearPoint(const RgbImage& source, int width, int height);

}  // namespace immich::ml
