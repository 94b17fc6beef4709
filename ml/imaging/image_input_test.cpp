#include "ml/imaging/image_input.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "ml/imaging/testdata/pillow_reference.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

const std::filesystem::path kMedia = "../shared/media";

std::string ReadBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

#define NEEDS_MEDIA() \
  if (!std::filesystem::exists(kMedia)) GTEST_SKIP() << "the pictures of ../shared/media are not there"

TEST(ImageInput, DecodesJpegsAsPillowDoes) {
  NEEDS_MEDIA();
  if (!testing::HasPillow()) GTEST_SKIP() << "python3-pil is not installed";
  for (const char* name : {"faces/portrait.jpg", "faces/portrait-orientation-6.jpg", "albums/text/japanese-shop.jpg"}) {
    ImageInput input(ReadBytes(kMedia / name));
    const auto image = input.Decode();
    const std::string expected = testing::AskPillow("decode " + (kMedia / name).string());
    ASSERT_EQ(image->pixels.size(), expected.size()) << name;
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), image->pixels.begin(), [](char a, std::uint8_t b) {
      return static_cast<std::uint8_t>(a) == b;
    })) << name;
    EXPECT_EQ(image->width, input.width());
    EXPECT_EQ(image->height, input.height());
  }
}

TEST(ImageInput, ScalesWhileDecodingAndSharesTheResult) {
  NEEDS_MEDIA();
  ImageInput input(ReadBytes(kMedia / "faces/portrait.jpg"));
  const int native = std::min(input.width(), input.height());
  const auto half = input.Decode(native / 2 - 10);
  EXPECT_EQ(std::min(half->width, half->height), (native + 1) / 2);
  EXPECT_EQ(input.Decode(native / 2), half);
  EXPECT_EQ(input.Decode(native * 3)->width, input.width());
  EXPECT_GE(std::min(input.Decode(1)->width, input.Decode(1)->height), native / 8);
}

TEST(ImageInput, ReadsOtherFormats) {
  NEEDS_MEDIA();
  for (const char* name : {"formats/denali.webp", "formats/density_plot.png", "formats/8bit-sRGB.avif",
                           "formats/8bit-sRGB.jxl", "formats/IMG_2682.heic"}) {
    ImageInput input(ReadBytes(kMedia / name));
    EXPECT_GT(input.width(), 0) << name;
    const auto image = input.Decode(400);
    const double shape = static_cast<double>(input.width()) / input.height();
    EXPECT_NEAR(static_cast<double>(image->width) / image->height, shape, 0.02) << name;
    EXPECT_GE(std::min(image->width, image->height), std::min({400, input.width(), input.height()})) << name;
  }
}

TEST(ImageInput, ReadsUnusualPictures) {
  if (!testing::HasPillow()) GTEST_SKIP() << "python3-pil is not installed";
  struct Kind {
    const char* name;
    std::array<int, 3> left, right;
  };
  const std::array<int, 3> red{255, 0, 0}, blue{0, 0, 255}, light{233, 233, 233}, dark{23, 23, 23};
  for (const auto& [name, left, right] :
       {Kind{"png16", light, dark}, Kind{"grey-jpeg", light, dark}, Kind{"cmyk-jpeg", red, blue},
        Kind{"progressive-jpeg", red, blue}, Kind{"alpha-png", red, blue}, Kind{"palette-gif", red, blue},
        Kind{"animated-gif", red, blue}, Kind{"animated-webp", red, blue}, Kind{"50-megapixels", red, blue}}) {
    ImageInput input(testing::AskPillow(std::string("make ") + name));
    const auto image = input.Decode(224);
    EXPECT_NEAR(static_cast<double>(image->width) / image->height, static_cast<double>(input.width()) / input.height(),
                0.01)
        << name;
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint8_t* row = image->Row(image->height / 2);
      EXPECT_NEAR(row[static_cast<std::size_t>(image->width / 4) * 3 + c], left[c], 6) << name << c;
      EXPECT_NEAR(row[static_cast<std::size_t>(image->width * 3 / 4) * 3 + c], right[c], 6) << name << c;
    }
    if (input.width() > 8000) EXPECT_LT(image->width, input.width() / 4) << "a large one is scaled while it is decoded";
  }
}

TEST(ImageInput, PngComesOutNearTheOriginal) {
  NEEDS_MEDIA();
  if (!testing::HasPillow()) GTEST_SKIP() << "python3-pil is not installed";
  ImageInput input(ReadBytes(kMedia / "formats/density_plot.png"));
  const auto image = input.Decode();
  const std::string expected = testing::AskPillow("decode " + (kMedia / "formats/density_plot.png").string());
  ASSERT_EQ(image->pixels.size(), expected.size());
  double sum = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    sum += std::abs(static_cast<std::uint8_t>(expected[i]) - image->pixels[i]);
  }
  EXPECT_LT(sum / static_cast<double>(expected.size()), 1.0);
}

TEST(ImageInput, RefusesWhatIsNoPicture) {
  EXPECT_THROW(ImageInput(""), BadRequest);
  EXPECT_THROW(ImageInput("hello"), BadRequest);
  EXPECT_THROW(ImageInput(std::string(4000, 'x')), BadRequest);
  EXPECT_THROW(ImageInput("\xFF\xD8\xFF"), BadRequest);
  EXPECT_THROW(ImageInput(std::string("RIFF\0\0\0\0WEBPVP8 ", 16)), BadRequest);
}

TEST(ImageInput, RefusesPngsOverThePixelLimitByTheirHeader) {
  std::string png("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\x08\2\0\0\0", 29);
  EXPECT_THROW(ImageInput{png}, BadRequest);
}

TEST(ImageInput, RefusesATruncatedJpegWhenItIsDecoded) {
  NEEDS_MEDIA();
  const std::string whole = ReadBytes(kMedia / "faces/portrait.jpg");
  ImageInput input(whole.substr(0, whole.size() / 2));
  EXPECT_THROW(input.Decode(), BadRequest);
}

}  // namespace
}  // namespace immich::ml
