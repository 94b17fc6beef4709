#pragma once

#include <cstdint>
#include <span>

#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// Adds ContentIdentifier (live photo id) and BurstUUID from an Apple maker note ("Apple iOS\0..."), which Exiv2 0.27
/// does not read. Anything else is left alone.
void AddAppleMakerNote(std::span<const uint8_t> maker_note, TagSet& tags);

}  // namespace immich::media
