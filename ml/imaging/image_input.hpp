#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace immich::ml {

/// Interleaved 8-bit sRGB, no padding between rows.
struct RgbImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

/// The image of a request. Decoded as the original does it: RGB, no EXIF rotation, alpha dropped. Thread-safe; every
/// size is decoded once and shared by the models of the request.
class ImageInput {
 public:
  /// Pixels an image may have before it is refused; protects the memory.
  static constexpr std::int64_t kMaxPixels = 268'402'689;

  /// Takes the bytes of the file. Reads the header only: throws BadRequest for what is no picture or too large.
  explicit ImageInput(std::string bytes);
  ~ImageInput();

  /// Size of the picture as sent.
  int width() const { return width_; }
  int height() const { return height_; }

  /// A picture whose shorter edge is at least `shorter_edge_px` (0: native size), scaled while decoding where the
  /// format can (JPEG: 1/2, 1/4, 1/8); never enlarged. Throws BadRequest when the data cannot be decoded.
  std::shared_ptr<const RgbImage> Decode(int shorter_edge_px = 0);

 private:
  std::string bytes_;
  int width_ = 0;
  int height_ = 0;
  std::mutex mutex_;
  std::map<int, std::shared_ptr<const RgbImage>> decoded_;
};

}  // namespace immich::ml
