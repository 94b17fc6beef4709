#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "media/image/image_geometry.hpp"
#include "media/image/planar_image.hpp"

struct SwsContext;

namespace immich::media {

/// Resizes one plane that arrives as bands of rows, top down, so that a decoder's band is still in the cache.
/// Bicubic; sample positions are centred (the siting of JFIF), so planes of different subsampling stay aligned.
class PlaneScaler {
 public:
  PlaneScaler(ImageSize source, ImageSize target);
  ~PlaneScaler();
  PlaneScaler(PlaneScaler&&) noexcept;
  PlaneScaler& operator=(PlaneScaler&&) noexcept;

  /// Takes `count` rows; rows past the end of the source are ignored. False when the scaler could not be built.
  bool Feed(const uint8_t* rows, int stride, int count);

  /// The result, complete after all source rows were fed.
  Plane Take() { return std::move(out_); }

 private:
  struct ContextDeleter {
    void operator()(SwsContext* context) const;
  };
  ImageSize source_;
  Plane out_;
  int next_row_ = 0;
  std::unique_ptr<SwsContext, ContextDeleter> context_;  ///< null when the size stays: rows are copied
};

/// Resizes a whole plane: halves it while it is more than three times too large, then bicubic. An empty plane on
/// failure.
Plane ScalePlane(const Plane& source, ImageSize target);

/// ScalePlane for all planes. Alpha must be premultiplied or opaque along edges by the caller if that matters.
PlanarImage ScaleImage(const PlanarImage& source, ImageSize target);

}  // namespace immich::media
