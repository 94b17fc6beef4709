#pragma once

#include <vector>

#include "media/metadata/media_metadata.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// Named regions as pixel boxes of the upright picture. Regions without a name are left out; empty when the picture
/// size they were drawn on is missing.
std::vector<FaceRegion> FaceRegionsOf(const RegionTags& regions, int exif_orientation);

}  // namespace immich::media
