#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "media/geo/time_zone.hpp"

namespace immich::media {

/// A date with time as written in a tag.
struct ExifDate {
  LocalTime local;                             ///< the reading, in `offset` when there is one
  std::optional<std::chrono::minutes> offset;  ///< written in the text itself
  std::string raw;                             ///< the text, trimmed
};

/// Reads "2019:03:21 11:04:22", with fraction (cut to microseconds), with "Z", "UTC" or "+02:00" behind, also in ISO
/// form "2019-03-21T11:04:22"; seconds may be missing. nullopt for bare dates and times, zeros ("0000:00:00 00:00:00"),
/// days that do not exist, and anything else.
std::optional<ExifDate> ParseExifDate(std::string_view text);

/// "2019:03:21" and "11:04:22+02:00" (IPTC DateCreated and TimeCreated, also "20190321", "110422+0200") as one text for
/// ParseExifDate.
std::string JoinDateAndTime(std::string_view date, std::string_view time);

}  // namespace immich::media
