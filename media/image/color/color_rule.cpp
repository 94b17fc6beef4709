#include "media/image/color/color_rule.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace immich::media {
namespace {

bool ContainsSrgb(std::string_view text) {
  constexpr std::string_view kNeedle = "srgb";
  const auto equal = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  return !std::ranges::search(text, kNeedle, equal).empty();
}

}  // namespace

bool IsSrgbSource(const SourceColor& color) {
  const bool has_colorspace = color.colorspace && !color.colorspace->empty();
  const bool has_profile = color.profile_description && !color.profile_description->empty();
  if (has_colorspace || has_profile) {
    return (has_colorspace && ContainsSrgb(*color.colorspace)) ||
           (has_profile && ContainsSrgb(*color.profile_description));
  }
  return !color.bits_per_sample || *color.bits_per_sample == 0 || *color.bits_per_sample == 8;
}

ColorProfile RenditionProfile(const SourceColor& color, ColorProfile configured) {
  return IsSrgbSource(color) ? ColorProfile::kSrgb : configured;
}

}  // namespace immich::media
