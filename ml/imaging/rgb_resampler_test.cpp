#include "ml/imaging/rgb_resampler.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "ml/imaging/testdata/pillow_reference.hpp"

namespace immich::ml {
namespace {

/// Gradients, edges and a little noise: every weight of a filter matters.
RgbImage Pattern(int width, int height) {
  RgbImage image = RgbImage::Make(width, height);
  std::uint32_t noise = 12345;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      noise = noise * 1664525 + 1013904223;
      std::uint8_t* pixel = image.Row(y) + x * 3;
      pixel[0] = static_cast<std::uint8_t>(x * 255 / width);
      pixel[1] = static_cast<std::uint8_t>(((x / 7 + y / 5) % 2) * 255);
      pixel[2] = static_cast<std::uint8_t>(noise >> 24);
    }
  }
  return image;
}

struct Resize {
  int width;
  int height;
  ResampleFilter filter;
  const char* name;
};

class PillowResize : public ::testing::TestWithParam<Resize> {};

TEST_P(PillowResize, AgreesBitByBit) {
  if (!testing::HasPillow()) GTEST_SKIP() << "python3-pil is not installed";
  const Resize& wanted = GetParam();
  const RgbImage source = Pattern(157, 203);
  const auto path = std::filesystem::temp_directory_path() / ("pattern-" + std::to_string(getpid()) + ".ppm");
  {
    std::ofstream file(path, std::ios::binary);
    file << "P6\n157 203\n255\n";
    file.write(reinterpret_cast<const char*>(source.pixels.data()), static_cast<std::streamsize>(source.pixels.size()));
  }
  const std::string expected = testing::AskPillow("resize " + path.string() + " " + std::to_string(wanted.width) + " " +
                                                  std::to_string(wanted.height) + " " + wanted.name);
  std::filesystem::remove(path);
  const RgbImage made = Resample(source, wanted.width, wanted.height, wanted.filter);
  ASSERT_EQ(expected.size(), made.pixels.size());
  EXPECT_EQ(std::string(made.pixels.begin(), made.pixels.end()), expected);
}

INSTANTIATE_TEST_SUITE_P(Sizes, PillowResize,
                         ::testing::Values(Resize{32, 41, ResampleFilter::kBicubic, "bicubic"},
                                           Resize{224, 289, ResampleFilter::kBicubic, "bicubic"},
                                           Resize{157, 100, ResampleFilter::kBicubic, "bicubic"},
                                           Resize{90, 203, ResampleFilter::kBicubic, "bicubic"},
                                           Resize{64, 64, ResampleFilter::kBilinear, "bilinear"},
                                           Resize{320, 480, ResampleFilter::kBilinear, "bilinear"},
                                           Resize{96, 128, ResampleFilter::kLanczos, "lanczos"},
                                           Resize{320, 416, ResampleFilter::kLanczos, "lanczos"},
                                           Resize{1, 1, ResampleFilter::kLanczos, "lanczos"}),
                         [](const auto& info) {
                           return std::string(info.param.name) + "_" + std::to_string(info.param.width) + "x" +
                                  std::to_string(info.param.height);
                         });

TEST(Resample, AWindowIsThatPartOfTheWhole) {
  const RgbImage source = Pattern(120, 90);
  for (const int height : {45, 90, 120}) {
    const RgbImage whole = Resample(source, 80, height, ResampleFilter::kBicubic);
    const RgbImage part = ResampleWindowed(source, 80, height, ResampleFilter::kBicubic, {13, 7, 30, 20});
    for (int y = 0; y < 20; ++y) {
      for (int i = 0; i < 90; ++i) ASSERT_EQ(part.Row(y)[i], whole.Row(y + 7)[13 * 3 + i]) << y << " " << i;
    }
  }
}

TEST(Resample, BilinearPointKeepsEqualSizesAndAveragesHalves) {
  const RgbImage source = Pattern(50, 40);
  EXPECT_EQ(ResampleBilinearPoint(source, 50, 40).pixels, source.pixels);
  const RgbImage half = ResampleBilinearPoint(source, 25, 20);
  for (int c = 0; c < 3; ++c) {
    const int sum =
        source.Row(2)[4 * 3 + c] + source.Row(2)[5 * 3 + c] + source.Row(3)[4 * 3 + c] + source.Row(3)[5 * 3 + c];
    EXPECT_EQ(half.Row(1)[2 * 3 + c], (sum + 2) / 4);
  }
}

}  // namespace
}  // namespace immich::ml
