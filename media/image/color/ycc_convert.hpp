#pragma once

#include <cstdint>

#include "media/image/planar_image.hpp"

namespace immich::media {

/// Row `y` of a picture as interleaved 8-bit RGB (width*3 bytes), BT.601 full range.
void YccRowToRgb(const PlanarImage& image, int y, uint8_t* rgb);

/// Writes row `y` of the colour planes from interleaved 8-bit samples with `channels` (3 or 4) per pixel; the fourth is
/// ignored.
void RgbRowToYcc(const uint8_t* rgb, int channels, PlanarImage& image, int y);

/// Converts sRGB content to Display P3 in place, on the planes, without an RGB picture in between. The transfer curve
/// is approximated: 0.1 code values off on average, 2.4 at most (dark saturated colours), exact greys; a JPEG of
/// quality 80 is two orders of magnitude further off. 2.8 MP take about 5 ms (the same through Little CMS: 60).
void ConvertSrgbToDisplayP3(PlanarImage& image);

/// Full-range luma to the limited range of WebP: 16 + y * 219 / 255.
void LumaToLimitedRange(const uint8_t* from, uint8_t* to, int count);

/// Full-range chroma to limited range: 128 + (c - 128) * 224 / 255.
void ChromaToLimitedRange(const uint8_t* from, uint8_t* to, int count);

}  // namespace immich::media
