#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>

#include "media/image/image_geometry.hpp"

namespace immich::media {

/// One channel of 8-bit samples. Rows are padded to 64 bytes and the plane to a multiple of 16 rows, so that encoders
/// and vector loops may read whole blocks past the edge; PadPlane gives that border a value.
class Plane {
 public:
  Plane() = default;
  Plane(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  int stride() const { return stride_; }
  ImageSize size() const { return {width_, height_}; }
  bool empty() const { return data_ == nullptr; }
  size_t padded_rows() const { return padded_rows_; }

  uint8_t* Row(int y) { return data_.get() + static_cast<ptrdiff_t>(y) * stride_; }
  const uint8_t* Row(int y) const { return data_.get() + static_cast<ptrdiff_t>(y) * stride_; }

  void Fill(uint8_t value);

 private:
  struct FreeDeleter {
    void operator()(uint8_t* data) const { std::free(data); }
  };
  int width_ = 0;
  int height_ = 0;
  int stride_ = 0;
  size_t padded_rows_ = 0;
  std::unique_ptr<uint8_t, FreeDeleter> data_;
};

/// A picture as full-range BT.601 YCbCr (the numbers of JFIF), all planes of the same size, with optional alpha (not
/// premultiplied). Which RGB space it is in (sRGB, Display P3) is the caller's knowledge.
struct PlanarImage {
  Plane y, cb, cr;
  std::optional<Plane> alpha;

  ImageSize size() const { return y.size(); }
};

/// Allocates a picture with uninitialised samples.
PlanarImage MakePlanarImage(ImageSize size, bool with_alpha = false);

}  // namespace immich::media
