#pragma once

#include <array>
#include <vector>

#include "ml/imaging/image_warp.hpp"

namespace immich::ml {

/// A rectangle of any direction.
struct RotatedRect {
  Point2 center;
  /// Along `axis` and across it.
  double length = 0;
  double breadth = 0;
  /// Unit vector.
  Point2 axis{1, 0};

  double shorter() const { return length < breadth ? length : breadth; }
  /// Upper left, upper right, lower right, lower left.
  std::array<Point2, 4> Corners() const;
  /// Every side moved outward.
  RotatedRect Grown(double by) const;
};

/// Corners of the convex hull, counter-clockwise in a system with y up (Andrew's monotone chain).
std::vector<Point2> ConvexHull(std::vector<Point2> points);
/// The rectangle of least area around the points: one of its sides lies on a side of their hull. At least one point.
RotatedRect MinAreaRect(std::vector<Point2> points);

}  // namespace immich::ml
