#include "media/thumbhash/thumbhash.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace immich::media {
namespace {

using Pixel = std::array<int, 4>;

template <typename F>
std::string HashHex(int width, int height, F pixel_at) {
  std::vector<uint8_t> rgba;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Pixel pixel = pixel_at(x, y);
      for (const int value : pixel) rgba.push_back(static_cast<uint8_t>(value));
    }
  }
  std::string hex;
  for (const uint8_t byte : ThumbHashFromRgba(width, height, rgba)) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

// The expected values were made by running npm `thumbhash` 0.1.1 on the same pixels.
TEST(ThumbHashTest, OpaqueGradientMatchesTheReference) {
  EXPECT_EQ(
      HashHex(100, 75, [](int x, int y) { return Pixel{(x * 5) & 255, (y * 3) & 255, ((x * y) >> 3) & 255, 255}; }),
      "9c180a1d966372787088888688678887dbb34ff787");
}

TEST(ThumbHashTest, PortraitWithAlphaMatchesTheReference) {
  EXPECT_EQ(HashHex(40, 90, [](int x, int y) { return Pixel{(x * 6) & 255, (y * 2) & 255, 128, (x * 7 + y) & 255}; }),
            "5c3786120a2770808a7888708018f88707795798787887");
}

TEST(ThumbHashTest, WidePictureMatchesTheReference) {
  EXPECT_EQ(
      HashHex(100, 10, [](int x, int y) { return Pixel{x < 50 ? 255 : 0, y < 5 ? 255 : 0, x > 70 ? 255 : 0, 255}; }),
      "9b090ed1a8b9747a8f7878785f8af80788");
}

TEST(ThumbHashTest, SinglePixelMatchesTheReference) {
  EXPECT_EQ(HashHex(1, 1, [](int, int) { return Pixel{10, 200, 30, 255}; }),
            "548a289f5e08f708888788708f7088f80888808008f7870f");
}

TEST(ThumbHashTest, FullyTransparentPictureHasAHash) {
  EXPECT_EQ(HashHex(8, 8, [](int, int) { return Pixel{1, 2, 3, 0}; }),
            "00088205000000000000000000000000000000000000000000");
}

TEST(ThumbHashTest, RefusesWrongSizes) {
  const std::vector<uint8_t> rgba(101 * 4);
  EXPECT_TRUE(ThumbHashFromRgba(101, 1, rgba).empty());
  EXPECT_TRUE(ThumbHashFromRgba(0, 5, {}).empty());
  EXPECT_TRUE(ThumbHashFromRgba(10, 10, rgba).empty());
}

}  // namespace
}  // namespace immich::media
