#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "media/failure.hpp"
#include "media/image/image_geometry.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// Colour of a HEIF item by H.273 numbers.
struct NclxColor {
  int primaries = 2;  ///< 2 = unspecified
  int transfer = 2;
  int matrix = 2;
  bool full_range = false;
};

/// What the boxes of a HEIF/AVIF file or a JPEG XL container say, without decoding anything.
struct BoxedImage {
  ImageSize size;               ///< primary item, before rotation
  std::optional<int> rotation;  ///< `irot`: quarter turns counter-clockwise
  std::optional<int> bits_per_channel;
  std::vector<uint8_t> exif;  ///< TIFF header first; empty when there is none
  std::string xmp;
  std::vector<uint8_t> icc;
  std::optional<NclxColor> nclx;
  std::optional<EmbeddedVideoTag> motion_video;  ///< payload of `mpvd` (Samsung)
  std::optional<double> duration_seconds;        ///< of an image sequence, by its movie header
};

/// True when the first bytes of a file are those of HEIF, AVIF or JPEG XL (container or bare codestream).
bool LooksLikeBoxedImage(const std::array<uint8_t, 16>& head);

/// Reads the boxes of a HEIF, AVIF or JPEG XL file. Boxes are read only as far as needed; sizes in the file are never
/// trusted. Fails with kNotFound, or kUnsupported when it is none of the three.
std::expected<BoxedImage, Failure> ReadBoxedImage(const std::string& path);

}  // namespace immich::media
