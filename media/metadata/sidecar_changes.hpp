#pragma once

#include <optional>
#include <string>
#include <vector>

namespace immich::media {

/// What to write into an XMP sidecar. Absent members are left as they are; empty values are written.
struct SidecarChanges {
  std::optional<std::string> description;         ///< as Description and ImageDescription
  std::optional<std::string> date_time_original;  ///< ISO 8601 with zone: "2024-01-02T03:04:05.678+02:00"
  std::optional<double> latitude;                 ///< signed degrees
  std::optional<double> longitude;
  std::optional<int> rating;                     ///< 0 for "none"
  std::optional<std::vector<std::string>> tags;  ///< "parent/child"
};

}  // namespace immich::media
