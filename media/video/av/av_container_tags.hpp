#pragma once

#include "media/metadata/tag_set.hpp"
#include "media/video/av/av_input.hpp"

namespace immich::media {

/// Dates, position, camera and live photo id that the container holds, under ExifTool's names.
TagSet ContainerTags(const AvInput& input);

}  // namespace immich::media
