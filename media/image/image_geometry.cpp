#include "media/image/image_geometry.hpp"

#include <algorithm>
#include <cmath>

namespace immich::media {
namespace {

/// round(a * b / c) for sizes; halves go up.
int MulDivRound(int64_t a, int64_t b, int64_t c) {
  return static_cast<int>((2 * a * b + c) / (2 * c));
}

}  // namespace

Orientation OrientationFromExif(int value) {
  return value >= 1 && value <= 8 ? static_cast<Orientation>(value) : Orientation::kUpright;
}

AxisMap AxesOf(Orientation orientation) {
  switch (orientation) {
    case Orientation::kUpright:
      return {};
    case Orientation::kMirrored:
      return {.flip_x = true};
    case Orientation::kRotate180:
      return {.flip_x = true, .flip_y = true};
    case Orientation::kFlipped:
      return {.flip_y = true};
    case Orientation::kTransposed:
      return {.swap = true};
    case Orientation::kRotate90:
      return {.swap = true, .flip_y = true};
    case Orientation::kTransversed:
      return {.swap = true, .flip_x = true, .flip_y = true};
    case Orientation::kRotate270:
      return {.swap = true, .flip_x = true};
  }
  return {};
}

bool SwapsAxes(Orientation orientation) {
  return AxesOf(orientation).swap;
}

Orientation Compose(Orientation first, Orientation second) {
  const AxisMap a = AxesOf(first);
  const AxisMap b = AxesOf(second);
  const bool swap = a.swap != b.swap;
  const bool flip_x = a.flip_x != (a.swap ? b.flip_y : b.flip_x);
  const bool flip_y = a.flip_y != (a.swap ? b.flip_x : b.flip_y);
  constexpr Orientation kPlain[] = {Orientation::kUpright, Orientation::kMirrored, Orientation::kFlipped,
                                    Orientation::kRotate180};
  constexpr Orientation kSwapped[] = {Orientation::kTransposed, Orientation::kRotate270, Orientation::kRotate90,
                                      Orientation::kTransversed};
  return (swap ? kSwapped : kPlain)[(flip_x ? 1 : 0) + (flip_y ? 2 : 0)];
}

Orientation OrientationFromRotation(int clockwise_degrees) {
  switch (clockwise_degrees) {
    case 90:
      return Orientation::kRotate90;
    case 180:
      return Orientation::kRotate180;
    case 270:
      return Orientation::kRotate270;
    default:
      return Orientation::kUpright;
  }
}

ImageSize OrientedSize(ImageSize stored, Orientation orientation) {
  return SwapsAxes(orientation) ? ImageSize{stored.height, stored.width} : stored;
}

ImageRect StoredRect(ImageRect upright, ImageSize stored, Orientation orientation) {
  const AxisMap axes = AxesOf(orientation);
  ImageRect rect = axes.swap ? ImageRect{upright.y, upright.x, upright.height, upright.width} : upright;
  if (axes.flip_x) rect.x = stored.width - rect.x - rect.width;
  if (axes.flip_y) rect.y = stored.height - rect.y - rect.height;
  return rect;
}

ImageSize FitShorterEdge(ImageSize source, int shorter_edge_px) {
  const int shorter = source.shorter();
  if (shorter_edge_px <= 0 || shorter <= shorter_edge_px || shorter <= 0) return source;
  return {MulDivRound(source.width, shorter_edge_px, shorter), MulDivRound(source.height, shorter_edge_px, shorter)};
}

ImageSize FitShorterEdgeEven(ImageSize source, int shorter_edge_px) {
  const int shorter = source.shorter();
  if (shorter_edge_px <= 0 || shorter <= shorter_edge_px || shorter <= 0) return source;
  const auto even = [&](int edge) {
    return edge == shorter ? shorter_edge_px : 2 * MulDivRound(edge, shorter_edge_px, 2LL * shorter);
  };
  return {even(source.width), even(source.height)};
}

ImageSize FitInside(ImageSize source, int edge_px) {
  const int longer = std::max(source.width, source.height);
  if (longer <= edge_px || longer <= 0) return source;
  return {std::max(1, MulDivRound(source.width, edge_px, longer)),
          std::max(1, MulDivRound(source.height, edge_px, longer))};
}

ImageRect ScaleRect(ImageRect rect, ImageSize from, ImageSize to) {
  if (from == to) return rect;
  const int left = std::clamp(MulDivRound(rect.x, to.width, from.width), 0, to.width - 1);
  const int top = std::clamp(MulDivRound(rect.y, to.height, from.height), 0, to.height - 1);
  const int right = std::clamp(MulDivRound(rect.x + rect.width, to.width, from.width), left + 1, to.width);
  const int bottom = std::clamp(MulDivRound(rect.y + rect.height, to.height, from.height), top + 1, to.height);
  return {left, top, right - left, bottom - top};
}

ImageRect ClampRect(ImageRect rect, ImageSize bounds) {
  const int64_t left = std::clamp<int64_t>(rect.x, 0, bounds.width);
  const int64_t top = std::clamp<int64_t>(rect.y, 0, bounds.height);
  const int64_t right = std::clamp<int64_t>(static_cast<int64_t>(rect.x) + rect.width, 0, bounds.width);
  const int64_t bottom = std::clamp<int64_t>(static_cast<int64_t>(rect.y) + rect.height, 0, bounds.height);
  if (right <= left || bottom <= top) return {};
  return {static_cast<int>(left), static_cast<int>(top), static_cast<int>(right - left),
          static_cast<int>(bottom - top)};
}

}  // namespace immich::media
