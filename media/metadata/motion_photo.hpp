#pragma once

#include <cstdint>
#include <optional>

#include "media/metadata/media_metadata.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// Where the video of a motion photo is. Only for files with MotionPhoto or MicroVideo; the `mpvd` box (Samsung HEIC)
/// goes first, then the Samsung trailer, then the bytes at the end that the XMP container directory or MicroVideoOffset
/// name. nullopt when the place is not inside the file.
std::optional<MotionPhoto> FindMotionPhoto(const TagSet& tags, int64_t file_size);

}  // namespace immich::media
