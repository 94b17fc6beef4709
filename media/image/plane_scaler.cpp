#include "media/image/plane_scaler.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "media/image/plane_ops.hpp"

extern "C" {
#include <libavutil/pixfmt.h>
#include <libswscale/swscale.h>
}

namespace immich::media {

void PlaneScaler::ContextDeleter::operator()(SwsContext* context) const {
  sws_freeContext(context);
}

PlaneScaler::PlaneScaler(ImageSize source, ImageSize target) : source_(source), out_(target.width, target.height) {
  if (source == target) return;
  context_.reset(sws_getContext(source.width, source.height, AV_PIX_FMT_GRAY8, target.width, target.height,
                                AV_PIX_FMT_GRAY8, SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (context_ == nullptr) throw std::bad_alloc();
}

PlaneScaler::~PlaneScaler() = default;
PlaneScaler::PlaneScaler(PlaneScaler&&) noexcept = default;
PlaneScaler& PlaneScaler::operator=(PlaneScaler&&) noexcept = default;

bool PlaneScaler::Feed(const uint8_t* rows, int stride, int count) {
  count = std::min(count, source_.height - next_row_);
  if (count <= 0) return true;
  bool fed = true;
  if (context_ == nullptr) {
    for (int i = 0; i < count; ++i) {
      std::memcpy(out_.Row(next_row_ + i), rows + static_cast<ptrdiff_t>(i) * stride,
                  static_cast<size_t>(source_.width));
    }
  } else {
    const uint8_t* from[4] = {rows};
    const int from_stride[4] = {stride};
    uint8_t* to[4] = {out_.Row(0)};
    const int to_stride[4] = {out_.stride()};
    fed = sws_scale(context_.get(), from, from_stride, next_row_, count, to, to_stride) >= 0;
  }
  next_row_ += count;
  return fed;
}

Plane ScalePlane(const Plane& source, ImageSize target) {
  Plane halved;
  const Plane* from = &source;
  while (from->width() > 3 * target.width && from->height() > 3 * target.height) {
    halved = HalvePlane(*from);
    from = &halved;
  }
  PlaneScaler scaler(from->size(), target);
  if (!scaler.Feed(from->Row(0), from->stride(), from->height())) return {};
  return scaler.Take();
}

PlanarImage ScaleImage(const PlanarImage& source, ImageSize target) {
  PlanarImage out{.y = ScalePlane(source.y, target),
                  .cb = ScalePlane(source.cb, target),
                  .cr = ScalePlane(source.cr, target),
                  .alpha = {}};
  if (source.alpha) out.alpha = ScalePlane(*source.alpha, target);
  return out;
}

}  // namespace immich::media
