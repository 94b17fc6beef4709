#pragma once

#include <optional>
#include <string>

namespace immich::media {

/// The two RGB spaces renditions are made in.
enum class ColorProfile { kSrgb, kDisplayP3 };

/// What the metadata says about the colours of a picture (columns of asset_exif).
struct SourceColor {
  std::optional<std::string> colorspace;           ///< EXIF ColorSpace as text: "sRGB", "Uncalibrated"
  std::optional<std::string> profile_description;  ///< of the embedded ICC profile
  std::optional<int> bits_per_sample;
};

/// True when renditions shall be sRGB: a text that contains "srgb" decides; other texts mean no; without texts 8 bits
/// (or no information at all) mean yes.
bool IsSrgbSource(const SourceColor& color);

/// sRGB sources stay sRGB; everything else gets the configured profile.
ColorProfile RenditionProfile(const SourceColor& color, ColorProfile configured);

}  // namespace immich::media
