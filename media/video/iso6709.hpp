#pragma once

#include <optional>
#include <string_view>

namespace immich::media {

struct GeoPoint {
  double latitude = 0;
  double longitude = 0;
};

/// "+47.3769+008.5417+408.0/" as phones write it, also with degrees and minutes ("+4722.61") or seconds; nullopt for
/// anything else.
std::optional<GeoPoint> ParseIso6709(std::string_view text);

}  // namespace immich::media
