#include "ml/models/ocr/db_decoder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "ml/models/ocr/min_area_rect.hpp"

namespace immich::ml {
namespace {

/// Sides a rectangle must have before and after growing, in pixels of the map, and a box in pixels of the picture.
constexpr double kMinSide = 3;
constexpr double kMinGrownSide = 5;
constexpr int kMinBoxPx = 3;

class TextMap {
 public:
  TextMap(std::span<const float> probabilities, int width, int height)
      : probabilities_(probabilities), width_(width), height_(height) {}

  int width() const { return width_; }
  int height() const { return height_; }
  float At(int x, int y) const { return probabilities_[Index(x, y)]; }
  std::size_t Index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }

  /// 1 where a pixel or its left, upper or upper left neighbour is over the threshold.
  std::vector<std::uint8_t> Mask(float threshold) const {
    std::vector<std::uint8_t> mask(probabilities_.size(), 0);
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x) {
        if (!(At(x, y) > threshold)) continue;
        for (const int dy : {0, 1}) {
          for (const int dx : {0, 1}) {
            if (x + dx < width_ && y + dy < height_) mask[Index(x + dx, y + dy)] = 1;
          }
        }
      }
    }
    return mask;
  }

 private:
  std::span<const float> probabilities_;
  int width_;
  int height_;
};

/// Takes the region of connected pixels (eight neighbours) at a place: they become 2 in the mask. Returns its edge,
/// which is enough for the hull.
std::vector<Point2> TakeRegion(const TextMap& map, std::vector<std::uint8_t>& mask, int x, int y) {
  std::vector<Point2> edge;
  std::vector<std::pair<int, int>> open{{x, y}};
  mask[map.Index(x, y)] = 2;
  while (!open.empty()) {
    const auto [px, py] = open.back();
    open.pop_back();
    int neighbours = 0;
    for (int ny = std::max(0, py - 1); ny <= std::min(map.height() - 1, py + 1); ++ny) {
      for (int nx = std::max(0, px - 1); nx <= std::min(map.width() - 1, px + 1); ++nx) {
        std::uint8_t& state = mask[map.Index(nx, ny)];
        if (state != 0) ++neighbours;
        if (state != 1) continue;
        state = 2;
        open.emplace_back(nx, ny);
      }
    }
    // A pixel with all neighbours is inside.
    if (neighbours < 9) edge.push_back({static_cast<double>(px), static_cast<double>(py)});
  }
  return edge;
}

/// Mean probability of the pixels in the rectangle, its edge included.
float MeanInside(const TextMap& map, const RotatedRect& rect) {
  const auto corners = rect.Corners();
  const auto [left, right] = std::minmax({corners[0].x, corners[1].x, corners[2].x, corners[3].x});
  const auto [top, bottom] = std::minmax({corners[0].y, corners[1].y, corners[2].y, corners[3].y});
  const int first_x = std::clamp(static_cast<int>(std::floor(left)), 0, map.width() - 1);
  const int last_x = std::clamp(static_cast<int>(std::ceil(right)), 0, map.width() - 1);
  const int first_y = std::clamp(static_cast<int>(std::floor(top)), 0, map.height() - 1);
  const int last_y = std::clamp(static_cast<int>(std::ceil(bottom)), 0, map.height() - 1);
  constexpr double kEdge = 0.5;
  double sum = 0;
  int count = 0;
  for (int y = first_y; y <= last_y; ++y) {
    for (int x = first_x; x <= last_x; ++x) {
      const double dx = x - rect.center.x;
      const double dy = y - rect.center.y;
      if (std::abs(dx * rect.axis.x + dy * rect.axis.y) > rect.length / 2 + kEdge) continue;
      if (std::abs(dy * rect.axis.x - dx * rect.axis.y) > rect.breadth / 2 + kEdge) continue;
      sum += map.At(x, y);
      ++count;
    }
  }
  return count == 0 ? 0.0F : static_cast<float>(sum / count);
}

std::optional<TextBox> BoxOf(const TextMap& map, std::vector<Point2> region, int target_width, int target_height,
                             const DbSettings& settings) {
  const RotatedRect rect = MinAreaRect(std::move(region));
  if (rect.shorter() < kMinSide) return std::nullopt;
  TextBox box;
  box.score = MeanInside(map, rect);
  if (box.score < settings.min_box_score) return std::nullopt;
  const double perimeter = 2 * (rect.length + rect.breadth);
  const RotatedRect grown = rect.Grown(rect.length * rect.breadth * settings.unclip_ratio / perimeter);
  if (grown.shorter() < kMinGrownSide) return std::nullopt;
  box.corners = grown.Corners();
  for (Point2& corner : box.corners) {
    corner.x = std::clamp(std::nearbyint(corner.x / map.width() * target_width), 0.0, target_width - 1.0);
    corner.y = std::clamp(std::nearbyint(corner.y / map.height() * target_height), 0.0, target_height - 1.0);
  }
  const auto distance = [&](std::size_t a, std::size_t b) {
    return static_cast<int>(std::hypot(box.corners[a].x - box.corners[b].x, box.corners[a].y - box.corners[b].y));
  };
  if (distance(0, 1) <= kMinBoxPx || distance(0, 3) <= kMinBoxPx) return std::nullopt;
  return box;
}

}  // namespace

std::vector<TextBox> DecodeTextBoxes(std::span<const float> probabilities, int width, int height, int target_width,
                                     int target_height, const DbSettings& settings) {
  const TextMap map(probabilities, width, height);
  std::vector<std::uint8_t> mask = map.Mask(settings.threshold);
  std::vector<TextBox> boxes;
  std::size_t candidates = 0;
  for (int y = 0; y < height && candidates < settings.max_candidates; ++y) {
    for (int x = 0; x < width && candidates < settings.max_candidates; ++x) {
      if (mask[map.Index(x, y)] != 1) continue;
      ++candidates;
      if (auto box = BoxOf(map, TakeRegion(map, mask, x, y), target_width, target_height, settings)) {
        boxes.push_back(*box);
      }
    }
  }
  return boxes;
}

}  // namespace immich::ml
