#include "ml/models/faces/scrfd_decoder.hpp"

#include <algorithm>
#include <cstddef>

namespace immich::ml {
namespace {

float AreaOf(const DetectedFace& face) {
  return (face.x2 - face.x1 + 1) * (face.y2 - face.y1 + 1);
}

float OverlapOf(const DetectedFace& a, const DetectedFace& b) {
  const float width = std::max(0.0F, std::min(a.x2, b.x2) - std::max(a.x1, b.x1) + 1);
  const float height = std::max(0.0F, std::min(a.y2, b.y2) - std::max(a.y1, b.y1) + 1);
  const float shared = width * height;
  return shared / (AreaOf(a) + AreaOf(b) - shared);
}

DetectedFace FaceAt(const ScrfdLevel& level, std::size_t anchor, float center_x, float center_y) {
  const auto stride = static_cast<float>(level.stride);
  const float* edges = level.edges.data() + anchor * 4;
  DetectedFace face{center_x - edges[0] * stride, center_y - edges[1] * stride, center_x + edges[2] * stride,
                    center_y + edges[3] * stride, level.scores[anchor],         {}};
  const float* points = level.landmarks.data() + anchor * 10;
  for (std::size_t i = 0; i < face.landmarks.size(); ++i) {
    face.landmarks[i] = {center_x + points[2 * i] * stride, center_y + points[2 * i + 1] * stride};
  }
  return face;
}

}  // namespace

void DecodeScrfdLevel(const ScrfdLevel& level, int input_width, int input_height, float min_score,
                      std::vector<DetectedFace>& faces) {
  const auto columns = static_cast<std::size_t>(input_width / level.stride);
  const auto rows = static_cast<std::size_t>(input_height / level.stride);
  const std::size_t anchors = std::min({level.scores.size(), level.edges.size() / 4, level.landmarks.size() / 10});
  const std::size_t per_place = columns * rows == 0 ? 0 : anchors / (columns * rows);
  if (per_place == 0) return;
  for (std::size_t anchor = 0; anchor < columns * rows * per_place; ++anchor) {
    if (!(level.scores[anchor] >= min_score)) continue;
    const std::size_t place = anchor / per_place;
    faces.push_back(FaceAt(level, anchor, static_cast<float>(place % columns) * static_cast<float>(level.stride),
                           static_cast<float>(place / columns) * static_cast<float>(level.stride)));
  }
}

std::vector<DetectedFace> SuppressOverlaps(std::vector<DetectedFace> faces, float max_overlap) {
  std::sort(faces.begin(), faces.end(), [](const DetectedFace& a, const DetectedFace& b) { return a.score > b.score; });
  std::vector<DetectedFace> kept;
  for (const DetectedFace& face : faces) {
    const bool covered = std::any_of(kept.begin(), kept.end(),
                                     [&](const DetectedFace& better) { return OverlapOf(better, face) > max_overlap; });
    if (!covered) kept.push_back(face);
  }
  return kept;
}

}  // namespace immich::ml
