#pragma once

#include <optional>

#include "media/geo/time_zone.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// The zone the clock of the camera was set to, from all tags of one file; the first of these that says something:
/// offset tags, the GPS position, the difference between a capture time and a UTC stamp, an offset written inside a
/// date tag; for videos finally UTC.
std::optional<TimeZone> InferTimeZone(const TagSet& tags);

/// GPSLatitude/GPSLongitude when both are numbers in range and not both zero.
struct GpsPosition {
  double latitude = 0;
  double longitude = 0;
};
std::optional<GpsPosition> GpsPositionOf(const TagSet& tags);

}  // namespace immich::media
