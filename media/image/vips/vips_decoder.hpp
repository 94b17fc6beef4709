#pragma once

#include <expected>

#include "media/failure.hpp"
#include "media/image/still_decoder.hpp"

namespace immich::media {

/// Decodes PNG, WebP, GIF (first frame), TIFF, SVG, JPEG 2000, BMP, PSD and the JPEGs our own path does not read, with
/// libvips. The loader is chosen by the first bytes, never by libvips, so that its other loaders stay out of reach.
/// SVG is read from memory, which cuts it off from every other file and address.
std::expected<DecodedImage, Failure> DecodeWithVips(const DecodeRequest& request);

}  // namespace immich::media
