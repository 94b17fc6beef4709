#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "ml/imaging/rgb_image.hpp"

namespace immich::ml {

/// The image of a request. Decoded as the original does it: RGB, no EXIF rotation, alpha dropped. Thread-safe; every
/// size is decoded once and shared by the models of the request.
class ImageInput {
 public:
  /// Takes the bytes of the file. Reads the header only where it can (JPEG, WebP, PNG); throws BadRequest for what is
  /// no picture or too large.
  explicit ImageInput(std::string bytes);
  ~ImageInput();

  /// Size of the picture as sent.
  int width() const { return width_; }
  int height() const { return height_; }

  /// A picture whose shorter edge is at least `shorter_edge_px` (0: native size), scaled while decoding where the
  /// format can (JPEG: 1/2, 1/4, 1/8); never enlarged. Throws BadRequest when the data cannot be decoded.
  std::shared_ptr<const RgbImage> Decode(int shorter_edge_px = 0);

 private:
  /// The largest of 1, 2, 4, 8 that leaves the shorter edge long enough.
  int DenominatorFor(int shorter_edge_px) const;
  RgbImage DecodeNow(int denominator) const;

  std::string bytes_;
  int width_ = 0;
  int height_ = 0;
  std::mutex mutex_;
  /// By denominator.
  std::map<int, std::shared_ptr<const RgbImage>> decoded_;
};

}  // namespace immich::ml
