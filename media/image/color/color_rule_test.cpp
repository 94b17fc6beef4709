#include "media/image/color/color_rule.hpp"

#include <gtest/gtest.h>

namespace immich::media {
namespace {

TEST(ColorRuleTest, TextsDecideBeforeTheDepth) {
  EXPECT_TRUE(IsSrgbSource({.colorspace = "sRGB", .profile_description = {}, .bits_per_sample = 16}));
  EXPECT_TRUE(
      IsSrgbSource({.colorspace = "Uncalibrated", .profile_description = "SRGB IEC61966-2.1", .bits_per_sample = {}}));
  EXPECT_FALSE(IsSrgbSource({.colorspace = "Uncalibrated", .profile_description = {}, .bits_per_sample = 8}));
  EXPECT_FALSE(IsSrgbSource({.colorspace = {}, .profile_description = "Display P3", .bits_per_sample = 8}));
}

TEST(ColorRuleTest, WithoutTextsTheDepthDecides) {
  EXPECT_TRUE(IsSrgbSource({}));
  EXPECT_TRUE(IsSrgbSource({.colorspace = "", .profile_description = "", .bits_per_sample = 8}));
  EXPECT_FALSE(IsSrgbSource({.colorspace = {}, .profile_description = {}, .bits_per_sample = 10}));
  EXPECT_FALSE(IsSrgbSource({.colorspace = {}, .profile_description = {}, .bits_per_sample = 1}));
}

TEST(ColorRuleTest, SrgbSourcesStaySrgb) {
  EXPECT_EQ(RenditionProfile({}, ColorProfile::kDisplayP3), ColorProfile::kSrgb);
  const SourceColor wide{.colorspace = {}, .profile_description = "Adobe RGB (1998)", .bits_per_sample = {}};
  EXPECT_EQ(RenditionProfile(wide, ColorProfile::kDisplayP3), ColorProfile::kDisplayP3);
  EXPECT_EQ(RenditionProfile(wide, ColorProfile::kSrgb), ColorProfile::kSrgb);
}

}  // namespace
}  // namespace immich::media
