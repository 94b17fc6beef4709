#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace immich::media {

/// Text of the `desc` tag of an ICC profile (version 2 text or the first entry of a version 4 list); empty when absent.
std::string IccDescription(std::span<const uint8_t> icc);

/// Device manufacturer of the profile's header, as the tag reader of the original prints it; empty when not set.
std::string IccDeviceManufacturer(std::span<const uint8_t> icc);

}  // namespace immich::media
