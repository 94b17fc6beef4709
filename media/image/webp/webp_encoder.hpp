#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "media/failure.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

struct WebpEncodeOptions {
  int quality = 80;              ///< 0..100
  std::span<const uint8_t> icc;  ///< embedded when not empty
  std::string_view xmp;          ///< XMP packet, written when not empty
};

/// Encodes lossy WebP (always 4:2:0) from planes, alpha included. Fails with kTooLarge beyond 16,383 pixels an edge.
std::expected<std::vector<uint8_t>, Failure> EncodeWebp(const PlanarImage& image, const WebpEncodeOptions& options);

}  // namespace immich::media
