#pragma once

#include <optional>
#include <string_view>

#include "ml/imaging/rgb_image.hpp"

// Pictures in memory to RGB, without EXIF rotation and without colour management, alpha dropped. Throw BadRequest for
// data that cannot be decoded.
namespace immich::ml {

struct PictureSize {
  int width = 0;
  int height = 0;
};

enum class PictureFormat { kJpeg, kWebp, kOther };

/// By the first bytes.
PictureFormat FormatOf(std::string_view bytes);

PictureSize ReadJpegSize(std::string_view bytes);
/// Every edge divided by `denominator` (1, 2, 4, 8), rounded up. A file that ends early is refused.
RgbImage DecodeJpeg(std::string_view bytes, int denominator);

PictureSize ReadWebpSize(std::string_view bytes);
/// `target` is at most the native size.
RgbImage DecodeWebp(std::string_view bytes, PictureSize target);

/// Size of a PNG from its header; nullopt for other formats.
std::optional<PictureSize> ReadPngSize(std::string_view bytes);
/// What the decoder modules of media/ read: PNG, GIF, TIFF, HEIF, JPEG XL… The shorter edge of the result is at most
/// `shorter_edge_px` (0: native). `native` receives the size of the picture.
RgbImage DecodeByModules(std::string_view bytes, int shorter_edge_px, PictureSize& native);

}  // namespace immich::ml
