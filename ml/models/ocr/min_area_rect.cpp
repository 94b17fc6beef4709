#include "ml/models/ocr/min_area_rect.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace immich::ml {
namespace {

double Cross(Point2 origin, Point2 a, Point2 b) {
  return (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x);
}

/// The rectangle around the hull with one side along `axis`.
RotatedRect RectAlong(const std::vector<Point2>& hull, Point2 axis) {
  constexpr double kMost = std::numeric_limits<double>::max();
  double low_along = kMost, high_along = -kMost, low_across = kMost, high_across = -kMost;
  for (const Point2& point : hull) {
    const double along = point.x * axis.x + point.y * axis.y;
    const double across = -point.x * axis.y + point.y * axis.x;
    low_along = std::min(low_along, along);
    high_along = std::max(high_along, along);
    low_across = std::min(low_across, across);
    high_across = std::max(high_across, across);
  }
  const double along = (low_along + high_along) / 2;
  const double across = (low_across + high_across) / 2;
  return {{along * axis.x - across * axis.y, along * axis.y + across * axis.x},
          high_along - low_along,
          high_across - low_across,
          axis};
}

}  // namespace

std::array<Point2, 4> RotatedRect::Corners() const {
  const Point2 a{axis.x * length / 2, axis.y * length / 2};
  const Point2 b{-axis.y * breadth / 2, axis.x * breadth / 2};
  std::array<Point2, 4> corners{Point2{center.x - a.x - b.x, center.y - a.y - b.y},
                                {center.x + a.x - b.x, center.y + a.y - b.y},
                                {center.x + a.x + b.x, center.y + a.y + b.y},
                                {center.x - a.x + b.x, center.y - a.y + b.y}};
  std::sort(corners.begin(), corners.end(), [](Point2 p, Point2 q) { return p.x < q.x; });
  // The two on the left are upper left and lower left, the two on the right likewise.
  const auto [upper_left, lower_left] =
      std::minmax(corners[0], corners[1], [](Point2 p, Point2 q) { return p.y < q.y; });
  const auto [upper_right, lower_right] =
      std::minmax(corners[2], corners[3], [](Point2 p, Point2 q) { return p.y < q.y; });
  return {upper_left, upper_right, lower_right, lower_left};
}

RotatedRect RotatedRect::Grown(double by) const {
  return {center, length + 2 * by, breadth + 2 * by, axis};
}

std::vector<Point2> ConvexHull(std::vector<Point2> points) {
  std::sort(points.begin(), points.end(), [](Point2 a, Point2 b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  const auto same = [](Point2 a, Point2 b) { return a.x == b.x && a.y == b.y; };
  points.erase(std::unique(points.begin(), points.end(), same), points.end());
  if (points.size() < 3) return points;
  std::vector<Point2> hull;
  const auto add = [&](Point2 point, std::size_t fixed) {
    while (hull.size() >= fixed + 2 && Cross(hull[hull.size() - 2], hull.back(), point) <= 0) hull.pop_back();
    hull.push_back(point);
  };
  for (const Point2& point : points) add(point, 0);
  const std::size_t lower = hull.size() - 1;
  for (auto point = points.rbegin() + 1; point != points.rend(); ++point) add(*point, lower);
  hull.pop_back();
  return hull;
}

RotatedRect MinAreaRect(std::vector<Point2> points) {
  const std::vector<Point2> hull = ConvexHull(std::move(points));
  RotatedRect best = RectAlong(hull, {1, 0});
  double best_area = best.length * best.breadth;
  for (std::size_t i = 0; hull.size() > 1 && i < hull.size(); ++i) {
    const Point2 from = hull[i];
    const Point2 to = hull[(i + 1) % hull.size()];
    const double distance = std::hypot(to.x - from.x, to.y - from.y);
    const RotatedRect rect = RectAlong(hull, {(to.x - from.x) / distance, (to.y - from.y) / distance});
    if (rect.length * rect.breadth < best_area) {
      best = rect;
      best_area = rect.length * rect.breadth;
    }
  }
  return best;
}

}  // namespace immich::ml
