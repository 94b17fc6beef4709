#include "media/image/color/ycc_normalise.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>

#include "media/image/color/tone_map.hpp"
#include "media/image/color/ycc_convert.hpp"

namespace immich::media {
namespace {

std::array<uint8_t, 3> RgbOf(const PlanarImage& image) {
  std::array<uint8_t, 3> rgb{};
  YccRowToRgb(image, 0, rgb.data());
  return rgb;
}

PlanarImage OnePixel(int y, int cb, int cr) {
  PlanarImage image = MakePlanarImage({1, 1});
  image.y.Row(0)[0] = static_cast<uint8_t>(y);
  image.cb.Row(0)[0] = static_cast<uint8_t>(cb);
  image.cr.Row(0)[0] = static_cast<uint8_t>(cr);
  return image;
}

void ExpectNear(const std::array<uint8_t, 3>& rgb, std::array<int, 3> expected, int tolerance) {
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(rgb[i], expected[i], tolerance) << i;
}

TEST(YccNormaliseTest, LimitedRangeOfBt709) {
  const YccEncoding bt709{.bits = 8, .full_range = false, .primaries = 1, .transfer = 1, .matrix = 1};
  PlanarImage white = OnePixel(235, 128, 128);
  NormaliseYcc(white, bt709);
  ExpectNear(RgbOf(white), {255, 255, 255}, 1);
  PlanarImage red = OnePixel(63, 102, 240);
  NormaliseYcc(red, bt709);
  ExpectNear(RgbOf(red), {255, 0, 0}, 3);
}

TEST(YccNormaliseTest, IdentityMatrixHoldsGreenBlueRed) {
  PlanarImage image = OnePixel(10, 200, 60);
  NormaliseYcc(image, {.bits = 8, .full_range = true, .primaries = 1, .transfer = 13, .matrix = 0});
  ExpectNear(RgbOf(image), {60, 10, 200}, 2);
}

TEST(YccNormaliseTest, FullRangeBt601IsUntouched) {
  PlanarImage image = OnePixel(1, 2, 3);
  NormaliseYcc(image, {.bits = 8, .full_range = true, .primaries = 1, .transfer = 13, .matrix = 6});
  EXPECT_EQ(image.cr.Row(0)[0], 3);
}

PlanarImage DeepPixel(uint16_t y, const YccEncoding& encoding) {
  const auto middle = static_cast<uint16_t>(1 << (encoding.bits - 1));
  const ImageSize size{1, 1};
  return ToEightBit({.y = {size, {y}}, .cb = {size, {middle}}, .cr = {size, {middle}}, .encoding = encoding},
                    ColorProfile::kSrgb);
}

TEST(YccNormaliseTest, DeepSdrKeepsItsNumbers) {
  const YccEncoding encoding{.bits = 10, .full_range = true, .primaries = 1, .transfer = 13, .matrix = 6};
  EXPECT_EQ(DeepPixel(1023, encoding).y.Row(0)[0], 255);
  EXPECT_NEAR(DeepPixel(512, encoding).y.Row(0)[0], 128, 1);
}

TEST(YccNormaliseTest, PqWhiteIsBrightMidtonesAreKeptAndHighlightsStayOrdered) {
  const YccEncoding pq{.bits = 10, .full_range = true, .primaries = 9, .transfer = 16, .matrix = 9};
  EXPECT_EQ(DeepPixel(0, pq).y.Row(0)[0], 0);
  const auto at_nits = [&pq](double nits) {
    const double p = std::pow(nits / 10000, 0.1593017578125);
    const double code = std::pow((0.8359375 + 18.8515625 * p) / (1 + 18.6875 * p), 78.84375);
    return static_cast<int>(DeepPixel(static_cast<uint16_t>(std::lround(code * 1023)), pq).y.Row(0)[0]);
  };
  // 20 cd/m² are a tenth of white: 10 % of light is code value 89.
  EXPECT_NEAR(at_nits(20.3), 89, 4);
  EXPECT_GT(at_nits(203), 170);
  EXPECT_LT(at_nits(203), at_nits(500));
  EXPECT_LT(at_nits(500), at_nits(1000));
  EXPECT_GE(at_nits(1000), 253);
  EXPECT_GE(at_nits(4000), 253);
}

TEST(YccNormaliseTest, HlgReferenceWhiteIsBright) {
  const YccEncoding hlg{.bits = 10, .full_range = true, .primaries = 9, .transfer = 18, .matrix = 9};
  EXPECT_EQ(DeepPixel(0, hlg).y.Row(0)[0], 0);
  EXPECT_GT(DeepPixel(767, hlg).y.Row(0)[0], 170);  // 75 % signal: 203 cd/m²
  EXPECT_GE(DeepPixel(1023, hlg).y.Row(0)[0], 253);
}

TEST(YccNormaliseTest, DeepPlanesScale) {
  std::vector<uint16_t> samples(64 * 48, 700);
  const DeepPlane out =
      ScaleDeepPlane(reinterpret_cast<const uint8_t*>(samples.data()), 64 * 2, {64, 48}, 10, {31, 23});
  ASSERT_EQ(out.samples.size(), 31U * 23U);
  for (const uint16_t sample : out.samples) EXPECT_NEAR(sample, 700, 1);
  EXPECT_TRUE(ScaleDeepPlane(nullptr, 0, {4, 4}, 11, {2, 2}).samples.empty());
}

}  // namespace
}  // namespace immich::media
