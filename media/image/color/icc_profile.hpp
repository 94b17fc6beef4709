#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/image/color/color_rule.hpp"
#include "media/image/planar_image.hpp"

namespace immich::media {

/// The ICC profile attached to renditions ("sRGB" or "Display P3"), made by Little CMS once per process.
std::span<const uint8_t> IccProfileBytes(ColorProfile profile);

/// Which of the two known spaces an embedded profile is (colorants within 0.002, tone curve within 1/255 of the sRGB
/// curve at 8 points). nullopt: another space, or not an RGB profile.
std::optional<ColorProfile> KnownProfileOf(std::span<const uint8_t> icc);

/// Converts a picture in place from the RGB space of the embedded profile `icc`. False when Little CMS cannot use the
/// profile (broken, or not an RGB one); the picture is unchanged then.
bool ConvertFromIcc(PlanarImage& image, std::span<const uint8_t> icc, ColorProfile target);

/// From the space of `icc` (empty: sRGB) into `target`, by the cheapest way; unusable profiles count as sRGB.
void ConvertProfile(PlanarImage& image, std::span<const uint8_t> icc, ColorProfile target);

/// A profile with the primaries of an H.273 number and the sRGB curve; empty (sRGB) for BT.709 and unknown numbers.
std::vector<uint8_t> IccOfPrimaries(int primaries);

}  // namespace immich::media
