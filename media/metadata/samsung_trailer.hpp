#pragma once

#include <optional>

#include "media/metadata/positioned_file.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// The video Samsung phones put behind a JPEG as entry "MotionPhoto_Data" of the trailer that ends with "SEFT".
std::optional<EmbeddedVideoTag> FindSamsungTrailerVideo(const PositionedFile& file);

}  // namespace immich::media
