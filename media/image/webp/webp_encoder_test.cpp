#include "media/image/webp/webp_encoder.hpp"

#include <gtest/gtest.h>

#include "media/image/color/icc_profile.hpp"
#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

using testing::Distance;
using testing::QuarterColors;

TEST(WebpEncoderTest, ColoursSurviveTheRangeConversion) {
  const auto bytes = EncodeWebp(testing::QuarteredPicture({333, 251}), {.quality = 90, .icc = {}, .xmp = {}});
  ASSERT_TRUE(bytes);
  const PlanarImage picture = testing::DecodeWebpForTest(*bytes);
  EXPECT_EQ(picture.size(), (ImageSize{333, 251}));
  const auto colors = QuarterColors(picture);
  EXPECT_LE(Distance(colors[0], testing::kRed), 5);
  EXPECT_LE(Distance(colors[1], testing::kGreen), 5);
  EXPECT_LE(Distance(colors[2], testing::kBlue), 5);
  EXPECT_LE(Distance(colors[3], testing::kGrey), 3);
}

TEST(WebpEncoderTest, BlackAndWhiteKeepTheFullRange) {
  PlanarImage picture = MakePlanarImage({64, 64});
  picture.cb.Fill(128);
  picture.cr.Fill(128);
  for (const int level : {0, 255}) {
    picture.y.Fill(static_cast<uint8_t>(level));
    const auto bytes = EncodeWebp(picture, {.quality = 90, .icc = {}, .xmp = {}});
    ASSERT_TRUE(bytes);
    EXPECT_LE(Distance(QuarterColors(testing::DecodeWebpForTest(*bytes))[0], {level, level, level}), 1);
  }
}

TEST(WebpEncoderTest, ProfileIsAttached) {
  const auto icc = IccProfileBytes(ColorProfile::kSrgb);
  const auto bytes = EncodeWebp(testing::QuarteredPicture({40, 30}), {.quality = 80, .icc = icc, .xmp = {}});
  ASSERT_TRUE(bytes);
  const std::string text(bytes->begin(), bytes->end());
  EXPECT_NE(text.find("ICCP"), std::string::npos);
  EXPECT_EQ(testing::DecodeWebpForTest(*bytes).size(), (ImageSize{40, 30}));
}

TEST(WebpEncoderTest, AlphaSurvives) {
  PlanarImage picture = testing::QuarteredPicture({64, 64});
  picture.alpha.emplace(64, 64);
  picture.alpha->Fill(255);
  for (int y = 32; y < 64; ++y) std::fill_n(picture.alpha->Row(y), 64, static_cast<uint8_t>(0));
  const auto bytes = EncodeWebp(picture, {.quality = 80, .icc = {}, .xmp = {}});
  ASSERT_TRUE(bytes);
  const PlanarImage decoded = testing::DecodeWebpForTest(*bytes);
  EXPECT_EQ(decoded.alpha->Row(10)[10], 255);
  EXPECT_EQ(decoded.alpha->Row(50)[10], 0);
}

TEST(WebpEncoderTest, TooLongIsAFailure) {
  const auto bytes = EncodeWebp(MakePlanarImage({16384, 2}), {.quality = 80, .icc = {}, .xmp = {}});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().kind, FailureKind::kTooLarge);
}

}  // namespace
}  // namespace immich::media
