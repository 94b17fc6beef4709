#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/still_decoder.hpp"

namespace immich::media {

/// Decodes the primary picture of a HEIF or AVIF file. The decoder's YCbCr planes are scaled as they are: no RGB
/// picture of full size exists. Rotation and mirroring of the file are applied by libheif.
std::expected<DecodedImage, Failure> DecodeHeif(const DecodeRequest& request);

}  // namespace immich::media
