#pragma once

#include <cstdint>
#include <span>

#include "media/image/image_geometry.hpp"

namespace immich::media {

/// Orientation (tag 0x0112 of IFD0) of an EXIF block that starts with the TIFF header ("II*\0" or "MM\0*").
/// kUpright when the block is broken, has no such tag, or the value is outside 1..8. Never reads outside `tiff`.
Orientation OrientationOfExif(std::span<const uint8_t> tiff);

/// True for the payload of a JPEG APP1 segment that holds EXIF (others hold XMP).
bool IsExifApp1(std::span<const uint8_t> payload);

/// OrientationOfExif for the payload of a JPEG APP1 segment, which has "Exif\0\0" in front.
Orientation OrientationOfApp1(std::span<const uint8_t> payload);

}  // namespace immich::media
