#include "media/image/color/icc_profile.hpp"

#include <gtest/gtest.h>

#include <array>

#include "media/image/color/ycc_convert.hpp"

namespace immich::media {
namespace {

PlanarImage OneColor(std::array<uint8_t, 3> rgb) {
  PlanarImage image = MakePlanarImage({1, 1});
  RgbRowToYcc(rgb.data(), 3, image, 0);
  return image;
}

TEST(IccProfileTest, OwnProfilesAreSmallAndRecognised) {
  for (const ColorProfile profile : {ColorProfile::kSrgb, ColorProfile::kDisplayP3}) {
    EXPECT_LT(IccProfileBytes(profile).size(), 800U);
    EXPECT_EQ(KnownProfileOf(IccProfileBytes(profile)), profile);
  }
}

TEST(IccProfileTest, BrokenProfilesAreUnknownAndChangeNothing) {
  std::vector<uint8_t> broken(IccProfileBytes(ColorProfile::kSrgb).begin(), IccProfileBytes(ColorProfile::kSrgb).end());
  broken.resize(100);
  EXPECT_EQ(KnownProfileOf(broken), std::nullopt);
  EXPECT_EQ(KnownProfileOf({}), std::nullopt);
  PlanarImage image = OneColor({200, 10, 10});
  const int before = image.cr.Row(0)[0];
  EXPECT_FALSE(ConvertFromIcc(image, broken, ColorProfile::kDisplayP3));
  EXPECT_EQ(image.cr.Row(0)[0], before);
}

TEST(IccProfileTest, P3RedTurnsIntoClippedSrgbRed) {
  PlanarImage image = OneColor({255, 0, 0});
  ASSERT_TRUE(ConvertFromIcc(image, IccProfileBytes(ColorProfile::kDisplayP3), ColorProfile::kSrgb));
  std::array<uint8_t, 3> rgb{};
  YccRowToRgb(image, 0, rgb.data());
  EXPECT_GE(rgb[0], 253);
  EXPECT_LE(rgb[1], 3);
  EXPECT_LE(rgb[2], 3);
}

}  // namespace
}  // namespace immich::media
