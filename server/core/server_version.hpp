#pragma once

#include <string_view>

namespace immich {

struct ServerVersion {
  int major, minor, patch;
};

/// The version of Immich this program stands in for; official apps refuse servers of another major version.
inline constexpr ServerVersion kServerVersion{3, 2, 2};
inline constexpr std::string_view kServerVersionText = "3.2.2";

}  // namespace immich
