#pragma once

#include <optional>

#include "media/metadata/media_metadata.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// Fills date_time_original, local_date_time, time_zone, has_capture_date and modify_date.
///
/// The first tag of the priority list that holds a full date-time wins. Its instant is taken in the offset written in
/// it, else in the zone of its file, else as if it were UTC; the local time is that instant in the decided zone.
/// Without any date both are the earliest time of the file (modified, born, `fallback`).
void DecideDates(const TagSet& media, const std::optional<TagSet>& sidecar, const FileFacts& file,
                 const std::optional<TimePoint>& fallback, MediaMetadata& out);

}  // namespace immich::media
