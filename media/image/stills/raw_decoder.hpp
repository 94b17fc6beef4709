#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/still_decoder.hpp"

namespace immich::media {

/// Decodes a camera RAW file with LibRaw: the embedded JPEG when asked for and large enough, else the sensor data
/// (camera white balance, sRGB), at half size without interpolation when that is enough. kUnsupported when LibRaw does
/// not know the camera or the file is no RAW.
std::expected<DecodedImage, Failure> DecodeRaw(const DecodeRequest& request);

}  // namespace immich::media
