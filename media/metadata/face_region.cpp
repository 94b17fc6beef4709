#include "media/metadata/face_region.hpp"

#include <cmath>
#include <utility>

namespace immich::media {
namespace {

/// Moves a centre and size given on the stored picture to the upright one.
RegionTag TurnUpright(RegionTag region, int exif_orientation) {
  const double x = region.x;
  const double y = region.y;
  switch (exif_orientation) {
    case 2:
      region.x = 1 - x;
      break;
    case 3:
      region.x = 1 - x;
      region.y = 1 - y;
      break;
    case 4:
      region.y = 1 - y;
      break;
    case 5:
      region.x = y;
      region.y = x;
      break;
    case 6:
      region.x = 1 - y;
      region.y = x;
      break;
    case 7:
      region.x = 1 - y;
      region.y = 1 - x;
      break;
    case 8:
      region.x = y;
      region.y = 1 - x;
      break;
    default:
      break;
  }
  if (exif_orientation >= 5 && exif_orientation <= 8) std::swap(region.w, region.h);
  return region;
}

int FloorTo(double value) {
  return std::isfinite(value) && std::abs(value) < 1e9 ? static_cast<int>(std::floor(value)) : 0;
}

}  // namespace

std::vector<FaceRegion> FaceRegionsOf(const RegionTags& regions, int exif_orientation) {
  std::vector<FaceRegion> out;
  if (regions.applied_width <= 0 || regions.applied_height <= 0) return out;
  int width = regions.applied_width;
  int height = regions.applied_height;
  if (exif_orientation >= 5 && exif_orientation <= 8) std::swap(width, height);
  for (const RegionTag& stored : regions.regions) {
    if (stored.name.empty()) continue;
    const RegionTag region = TurnUpright(stored, exif_orientation);
    out.push_back({.name = region.name,
                   .image_width = width,
                   .image_height = height,
                   .x1 = FloorTo((region.x - region.w / 2) * width),
                   .y1 = FloorTo((region.y - region.h / 2) * height),
                   .x2 = FloorTo((region.x + region.w / 2) * width),
                   .y2 = FloorTo((region.y + region.h / 2) * height)});
  }
  return out;
}

}  // namespace immich::media
