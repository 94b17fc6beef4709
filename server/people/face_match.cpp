#include "server/people/face_match.hpp"

#include <algorithm>
#include <cmath>

namespace immich::people {

namespace {

constexpr double kSameFace = 0.5;

PixelBox Scaled(const PixelBox& box, double x, double y) {
  const auto scale = [](int value, double factor) { return static_cast<int>(std::lround(value * factor)); };
  return {scale(box.x1, x), scale(box.y1, y), scale(box.x2, x), scale(box.y2, y)};
}

double Area(const PixelBox& box) {
  return static_cast<double>(std::max(box.x2 - box.x1, 0)) * std::max(box.y2 - box.y1, 0);
}

PixelBox InSizeOf(const KnownFace& face, const FaceReading& reading) {
  if (face.image_width <= 0 || face.image_height <= 0) return face.box;
  return Scaled(face.box, static_cast<double>(reading.image_width) / face.image_width,
                static_cast<double>(reading.image_height) / face.image_height);
}

}  // namespace

double Overlap(const PixelBox& a, const PixelBox& b) {
  const PixelBox common{std::max(a.x1, b.x1), std::max(a.y1, b.y1), std::min(a.x2, b.x2), std::min(a.y2, b.y2)};
  const double shared = Area(common);
  const double all = Area(a) + Area(b) - shared;
  return all > 0 ? shared / all : 0;
}

FaceMatch MatchFaces(const std::vector<KnownFace>& known, const FaceReading& reading) {
  FaceMatch match;
  std::vector<bool> is_taken(known.size());
  for (std::size_t i = 0; i < reading.faces.size(); ++i) {
    std::size_t best = known.size();
    double best_overlap = kSameFace;
    for (std::size_t k = 0; k < known.size(); ++k) {
      if (is_taken[k]) continue;
      const double overlap = Overlap(InSizeOf(known[k], reading), reading.faces[i].box);
      if (overlap > best_overlap) {
        best = k;
        best_overlap = overlap;
      }
    }
    if (best == known.size()) {
      match.added.push_back(i);
      continue;
    }
    is_taken[best] = true;
    if (!known[best].is_found) match.confirmed.emplace_back(known[best].id, i);
  }
  for (std::size_t k = 0; k < known.size(); ++k) {
    if (!is_taken[k] && known[k].is_found) match.lost.push_back(known[k].id);
  }
  return match;
}

}  // namespace immich::people
