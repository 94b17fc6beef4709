#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "media/failure.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

struct JpegEncodeOptions {
  int quality = 80;  ///< 1..100; from 80 on chroma is 4:4:4, below 4:2:0
  bool progressive = false;
  std::span<const uint8_t> icc;  ///< embedded when not empty
  std::string_view xmp;          ///< XMP packet for APP1, written when not empty and at most 65,502 bytes
};

/// Encodes the colour planes (alpha is ignored). The planes' borders are overwritten: whole blocks are read from them.
/// Fails with kTooLarge beyond 65,500 pixels an edge.
std::expected<std::vector<uint8_t>, Failure> EncodeJpeg(PlanarImage& image, const JpegEncodeOptions& options);

}  // namespace immich::media
