#pragma once

#include <cstdint>

namespace immich::media {

struct ImageSize {
  int width = 0;
  int height = 0;

  int shorter() const { return width < height ? width : height; }
  int64_t pixels() const { return static_cast<int64_t>(width) * height; }
  bool operator==(const ImageSize&) const = default;
};

struct ImageRect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  bool operator==(const ImageRect&) const = default;
};

/// The eight ways to turn stored pixels upright, with the numbers of the EXIF Orientation tag.
enum class Orientation : uint8_t {
  kUpright = 1,
  kMirrored = 2,  ///< left and right swapped
  kRotate180 = 3,
  kFlipped = 4,     ///< top and bottom swapped
  kTransposed = 5,  ///< mirrored along the main diagonal
  kRotate90 = 6,    ///< turn 90° clockwise to see it upright
  kTransversed = 7,
  kRotate270 = 8,
};

/// 1..8, everything else is kUpright.
Orientation OrientationFromExif(int value);

/// True for the four orientations that exchange width and height.
bool SwapsAxes(Orientation orientation);

/// `first`, then `second`, as one step.
Orientation Compose(Orientation first, Orientation second);

/// Clockwise; 0, 90, 180 or 270, everything else is kUpright.
Orientation OrientationFromRotation(int clockwise_degrees);

ImageSize OrientedSize(ImageSize stored, Orientation orientation);

/// Where the pixel (x, y) of the upright picture is in the stored one: source = (flip ? size-1-a : a), with (a, b) =
/// (x, y) or (y, x) when `swap`.
struct AxisMap {
  bool swap = false;
  bool flip_x = false;
  bool flip_y = false;
};
AxisMap AxesOf(Orientation orientation);

/// The rectangle of the stored picture that holds `upright`, a rectangle in upright coordinates.
ImageRect StoredRect(ImageRect upright, ImageSize stored, Orientation orientation);

/// Size with the shorter edge equal to `shorter_edge_px`, the longer rounded to nearest; never enlarged. 0 = as it is.
/// 4000×3000 gives 1920×1440 at 1440 and 333×250 at 250.
ImageSize FitShorterEdge(ImageSize source, int shorter_edge_px);

/// FitShorterEdge with the longer edge rounded to an even number, as FFmpeg's scaler does it.
ImageSize FitShorterEdgeEven(ImageSize source, int shorter_edge_px);

/// Largest size that fits in a square of `edge_px` with the same shape; never enlarged, at least 1×1.
ImageSize FitInside(ImageSize source, int edge_px);

/// `rect` in a picture of size `from` carried over to the same picture at size `to`, clamped to it, at least 1×1.
ImageRect ScaleRect(ImageRect rect, ImageSize from, ImageSize to);

/// The part of `rect` inside `bounds`; empty (0×0) when there is none.
ImageRect ClampRect(ImageRect rect, ImageSize bounds);

}  // namespace immich::media
