#pragma once

#include <array>
#include <span>

#include "ml/imaging/rgb_image.hpp"

namespace immich::ml {

struct Point2 {
  double x = 0;
  double y = 0;
};

/// x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5].
using AffineMap = std::array<double, 6>;
/// Row-major 3×3, up to a factor.
using PerspectiveMap = std::array<double, 9>;

/// The rotation, uniform scale and shift that brings `from` nearest to `to` in the least-squares sense (Umeyama 1991,
/// two dimensions, no reflection). Points that are all the same give a map of scale 0.
AffineMap EstimateSimilarity(std::span<const Point2> from, std::span<const Point2> to);
/// The inverse; the map must not be singular.
AffineMap Invert(const AffineMap& map);
Point2 Apply(const AffineMap& map, Point2 point);

/// The map that takes the four corners `from` to `to`. Throws BadRequest when three of them are on a line.
PerspectiveMap EstimatePerspective(std::span<const Point2, 4> from, std::span<const Point2, 4> to);

/// Output pixel (x, y) is the picture at `to_source`(x, y), bilinear; outside the picture is black.
RgbImage WarpAffine(const RgbImage& source, const AffineMap& to_source, int width, int height);
/// The same with a perspective map and bicubic weights (a = -0.75); outside, the edge pixels repeat.
RgbImage WarpPerspective(const RgbImage& source, const PerspectiveMap& to_source, int width, int height);

/// A quarter turn counter-clockwise.
RgbImage RotateLeft(const RgbImage& source);

}  // namespace immich::ml
