#include "media/image/rgb_scaler.hpp"

#include "media/image/color/ycc_convert.hpp"

namespace immich::media {
namespace {

constexpr int kBandRows = 16;

}  // namespace

RgbScaler::RgbScaler(ImageSize source, ImageSize target, int channels)
    : channels_(channels),
      band_(MakePlanarImage({source.width, kBandRows}, channels == 4)),
      y_(source, target),
      cb_(source, target),
      cr_(source, target) {
  if (channels == 4) alpha_.emplace(source, target);
}

void RgbScaler::FeedRow(const uint8_t* row) {
  RgbRowToYcc(row, channels_, band_, band_rows_);
  if (alpha_) {
    uint8_t* alpha = band_.alpha->Row(band_rows_);
    for (int x = 0; x < band_.size().width; ++x) alpha[x] = row[4 * x + 3];
  }
  if (++band_rows_ == kBandRows) Flush();
}

void RgbScaler::Flush() {
  const auto feed = [this](PlaneScaler& scaler, const Plane& plane) {
    scaler.Feed(plane.Row(0), plane.stride(), band_rows_);
  };
  feed(y_, band_.y);
  feed(cb_, band_.cb);
  feed(cr_, band_.cr);
  if (alpha_) feed(*alpha_, *band_.alpha);
  band_rows_ = 0;
}

PlanarImage RgbScaler::Take() {
  if (band_rows_ > 0) Flush();
  PlanarImage out{.y = y_.Take(), .cb = cb_.Take(), .cr = cr_.Take(), .alpha = {}};
  if (alpha_) out.alpha = alpha_->Take();
  return out;
}

}  // namespace immich::media
