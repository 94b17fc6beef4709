#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/still_decoder.hpp"

namespace immich::media {

/// Decodes the first frame of a JPEG XL file with libjxl, which applies the orientation. 8-bit RGB rows go straight to
/// the scaler; HDR files are shown in the space of the profile libjxl gives for the pixels.
std::expected<DecodedImage, Failure> DecodeJxl(const DecodeRequest& request);

}  // namespace immich::media
