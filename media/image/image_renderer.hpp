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

namespace immich::media {

enum class ImageFormat { kJpeg, kWebp };

/// One wanted rendition; the fields are those of the configuration `image.*`.
struct RenditionSpec {
  ImageFormat format = ImageFormat::kJpeg;
  int size_px = 0;  ///< length of the shorter edge, never enlarged; 0 = native size
  int quality = 80;
  bool progressive = false;  ///< JPEG only
};

/// Non-destructive edits in the order they apply: crop (upright pixels of the original), then turn and mirror.
struct ImageEdits {
  std::optional<ImageRect> crop;
  Orientation turn = Orientation::kUpright;

  bool any() const { return crop.has_value() || turn != Orientation::kUpright; }
};

/// 268 megapixels, the limit libvips-based tools use (16383²).
inline constexpr int64_t kDefaultMaxPixels = 268'402'689;

struct RenderRequest {
  std::string path;
  SourceColor color;
  RenditionSpec preview{.format = ImageFormat::kJpeg, .size_px = 1440};
  RenditionSpec thumbnail{.format = ImageFormat::kWebp, .size_px = 250};
  std::optional<RenditionSpec> fullsize;
  ColorProfile profile = ColorProfile::kDisplayP3;  ///< for sources that are not sRGB
  ImageEdits edits;
  std::optional<Orientation> orientation;  ///< of the row, for embedded previews that have no EXIF of their own
  bool extract_embedded = false;  ///< RAW: use the embedded preview if its shorter edge reaches preview.size_px
  bool process_invalid = false;   ///< truncated files give what could be decoded
  int64_t max_pixels = kDefaultMaxPixels;
  bool even_sizes = false;  ///< the longer edge is even: video stills
  std::string xmp;          ///< XMP packet for preview and fullsize (panorama tags); empty = none
};

struct Rendition {
  std::vector<uint8_t> bytes;
  ImageFormat format = ImageFormat::kJpeg;
  ImageSize size;
  bool is_progressive = false;
  bool is_transparent = false;  ///< has pixels that are not opaque (never true for JPEG: flattened on black)
};

struct RenderResult {
  Rendition preview;
  Rendition thumbnail;
  std::optional<Rendition> fullsize;
  std::vector<uint8_t> thumbhash;
  ImageSize source_size;                       ///< upright, before edits
  ImageSize edited_size;                       ///< upright, after edits; equal to source_size without any
  ColorProfile profile = ColorProfile::kSrgb;  ///< space of the renditions, attached as ICC profile
  bool used_embedded = false;                  ///< made from the preview inside a RAW file
};

/// Decodes the picture once and makes all renditions and the thumbhash. Single-threaded, CPU-bound: call it from a
/// blocking thread, one picture per core. Thread-safe. Nothing is written: the caller stores the bytes.
std::expected<RenderResult, Failure> RenderImage(const RenderRequest& request);

/// A square cut around a face: `box` (in a picture of size `box_space`) is scaled to the decoded picture, grown by 10
/// %, kept inside, and its shorter edge brought to `spec.size_px`.
struct FaceCropRequest {
  std::string path;
  SourceColor color;
  ImageRect box;
  ImageSize box_space;
  RenditionSpec spec{.format = ImageFormat::kJpeg, .size_px = 250};
  ColorProfile profile = ColorProfile::kDisplayP3;
  bool extract_embedded = false;
  int embedded_min_px = 1440;  ///< preview.size of the configuration, for RAW files
  bool process_invalid = false;
  int64_t max_pixels = kDefaultMaxPixels;
};
std::expected<Rendition, Failure> RenderFaceCrop(const FaceCropRequest& request);

/// The square RenderFaceCrop cuts, in pixels of `decoded`. At least 1×1.
ImageRect FaceSquare(ImageRect box, ImageSize box_space, ImageSize decoded);

}  // namespace immich::media
