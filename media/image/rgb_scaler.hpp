#pragma once

#include <cstdint>

#include "media/image/planar_image.hpp"
#include "media/image/plane_scaler.hpp"

namespace immich::media {

/// Turns interleaved 8-bit RGB or RGBA rows into planes and scales them on the way, 16 rows at a time.
class RgbScaler {
 public:
  /// `channels` is 3 or 4.
  RgbScaler(ImageSize source, ImageSize target, int channels);

  /// The next row, top down.
  void FeedRow(const uint8_t* row);

  /// The result, after all rows.
  PlanarImage Take();

 private:
  void Flush();

  int channels_;
  int band_rows_ = 0;
  PlanarImage band_;
  PlaneScaler y_, cb_, cr_;
  std::optional<PlaneScaler> alpha_;
};

}  // namespace immich::media
