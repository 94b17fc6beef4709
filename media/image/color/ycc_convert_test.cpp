#include "media/image/color/ycc_convert.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

namespace immich::media {
namespace {

double CodeToLight(double c) {
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}
double LightToCode(double l) {
  return l <= 0.0031308 ? 12.92 * l : 1.055 * std::pow(l, 1 / 2.4) - 0.055;
}

/// sRGB to Display P3 by the definition.
void ReferenceP3(const uint8_t* rgb, double* out) {
  constexpr double kMatrix[3][3] = {
      {0.8224620, 0.1775380, 0.0}, {0.0331942, 0.9668058, 0.0}, {0.0170826, 0.0723974, 0.9105199}};
  double light[3];
  for (int i = 0; i < 3; ++i) light[i] = CodeToLight(rgb[i] / 255.0);
  for (int i = 0; i < 3; ++i) {
    out[i] = 255 * LightToCode(kMatrix[i][0] * light[0] + kMatrix[i][1] * light[1] + kMatrix[i][2] * light[2]);
  }
}

TEST(YccConvertTest, RgbSurvivesTheRoundTrip) {
  constexpr int kWidth = 4096;
  std::mt19937 random(1);
  std::vector<uint8_t> rgb(kWidth * 3);
  for (uint8_t& value : rgb) value = static_cast<uint8_t>(random());
  PlanarImage image = MakePlanarImage({kWidth, 1});
  RgbRowToYcc(rgb.data(), 3, image, 0);
  std::vector<uint8_t> back(rgb.size());
  YccRowToRgb(image, 0, back.data());
  for (size_t i = 0; i < rgb.size(); ++i) ASSERT_LE(std::abs(rgb[i] - back[i]), 2) << i;
}

TEST(YccConvertTest, DisplayP3IsCloseToTheDefinition) {
  constexpr int kWidth = 8192;
  std::mt19937 random(2);
  std::vector<uint8_t> rgb(kWidth * 3);
  for (uint8_t& value : rgb) value = static_cast<uint8_t>(random());
  PlanarImage image = MakePlanarImage({kWidth, 1});
  RgbRowToYcc(rgb.data(), 3, image, 0);
  ConvertSrgbToDisplayP3(image);
  std::vector<uint8_t> converted(rgb.size());
  YccRowToRgb(image, 0, converted.data());
  double error_sum = 0;
  for (size_t i = 0; i < rgb.size(); i += 3) {
    double expected[3];
    ReferenceP3(&rgb[i], expected);
    for (size_t c = 0; c < 3; ++c) {
      const double error = std::abs(converted[i + c] - expected[c]);
      ASSERT_LE(error, 5) << "pixel " << i / 3;
      error_sum += error;
    }
  }
  EXPECT_LT(error_sum / static_cast<double>(rgb.size()), 0.8);  // 8-bit YCbCr alone costs 0.6
}

TEST(YccConvertTest, GreysStayGrey) {
  PlanarImage image = MakePlanarImage({256, 1});
  for (int i = 0; i < 256; ++i) image.y.Row(0)[i] = static_cast<uint8_t>(i);
  image.cb.Fill(128);
  image.cr.Fill(128);
  ConvertSrgbToDisplayP3(image);
  for (int i = 0; i < 256; ++i) {
    EXPECT_EQ(image.y.Row(0)[i], i);
    EXPECT_EQ(image.cb.Row(0)[i], 128);
    EXPECT_EQ(image.cr.Row(0)[i], 128);
  }
}

TEST(YccConvertTest, LimitedRangeHasTheStudioLimits) {
  const uint8_t full[] = {0, 128, 255};
  uint8_t out[3];
  LumaToLimitedRange(full, out, 3);
  EXPECT_EQ(out[0], 16);
  EXPECT_EQ(out[1], 126);
  EXPECT_EQ(out[2], 235);
  ChromaToLimitedRange(full, out, 3);
  EXPECT_EQ(out[0], 16);
  EXPECT_EQ(out[1], 128);
  EXPECT_EQ(out[2], 240);
}

}  // namespace
}  // namespace immich::media
