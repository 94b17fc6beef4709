#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/failure.hpp"
#include "media/image/color/color_rule.hpp"
#include "media/image/image_geometry.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

/// What to decode and how large the result must be.
struct DecodeRequest {
  std::string path;
  int shorter_edge_px = 0;                          ///< wanted shorter edge of the picture, or of `crop`; 0 = native
  std::optional<ImageRect> crop;                    ///< upright, native pixels; the whole picture is decoded, larger
  std::optional<Orientation> fallback_orientation;  ///< for JPEGs inside RAW files that have no EXIF block
  ColorProfile profile = ColorProfile::kSrgb;       ///< RGB space of the result
  bool extract_embedded = false;                    ///< RAW only
  int embedded_min_px = 0;                          ///< shorter edge an embedded preview must have
  bool tolerate_truncated = false;
  int64_t max_pixels = 0;
};

/// A decoded picture. `planes` holds the whole picture (not cropped) scaled by one factor.
struct DecodedImage {
  PlanarImage planes;
  Orientation pending = Orientation::kUpright;  ///< still to be applied to `planes`
  ImageSize full_size;                          ///< upright, native
  ImageSize scaled_size;                        ///< upright size of `planes`
  bool used_embedded = false;
};

/// Size the whole picture has to be decoded at so that the picture, or `crop` of it, has the wanted shorter edge.
ImageSize DecodeSize(ImageSize upright_full, int shorter_edge_px, const std::optional<ImageRect>& crop);

/// Reads a file into memory. Fails with kNotFound.
std::expected<std::vector<uint8_t>, Failure> ReadFileBytes(const std::string& path);

/// The first `length` bytes of a file, fewer when it is shorter. Fails with kNotFound.
std::expected<std::vector<uint8_t>, Failure> ReadFileHead(const std::string& path, size_t length);

/// Decodes any still picture: ordinary JPEGs here, HEIF, AVIF, JPEG XL and RAW through the module
/// `immich_media_stills`, the rest through `immich_media_vips`.
std::expected<DecodedImage, Failure> DecodeStill(const DecodeRequest& request);

/// The JPEG path alone, for bytes that are already in memory. kUnsupported when the file is a JPEG this path does not
/// read (CMYK, RGB): the general decoder does.
std::expected<DecodedImage, Failure> DecodeJpegStill(std::span<const uint8_t> bytes, const DecodeRequest& request);

}  // namespace immich::media
