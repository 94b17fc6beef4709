// Formats other than JPEG, through the decoder modules: hostile files made here, real ones from the shared corpus.
#include <gtest/gtest.h>

#include <zlib.h>

#include <chrono>
#include <string>
#include <vector>

#include "media/image/image_renderer.hpp"
#include "media/testing/sample_pictures.hpp"

// libxml2 leaks the values of entities it refuses to expand (Debian 12); the entity bomb below has thirty.
extern "C" const char* __lsan_default_suppressions() { return "leak:xmlParseEntityValue\n"; }

namespace immich::media {
namespace {

using testing::Distance;
using testing::QuarterColors;
using testing::TemporaryFile;

std::expected<RenderResult, Failure> RenderFileAt(const std::string& path) {
  RenderRequest request;
  request.path = path;
  return RenderImage(request);
}

std::string Big32(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string PngChunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto crc = static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
  return Big32(static_cast<uint32_t>(data.size())) + body + Big32(crc);
}

/// A PNG whose rows all are `row` (with its filter byte).
std::string Png(uint32_t width, uint32_t height, int depth, int color_type, const std::string& row, uint32_t rows) {
  std::string raw;
  for (uint32_t i = 0; i < rows; ++i) raw += row;
  std::string packed(compressBound(raw.size()), '\0');
  uLongf size = packed.size();
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()), raw.size(), 6);
  packed.resize(size);
  const std::string header = Big32(width) + Big32(height) + static_cast<char>(depth) + static_cast<char>(color_type) +
                             std::string(3, '\0');
  return "\x89PNG\r\n\x1A\n" + PngChunk("IHDR", header) + PngChunk("IDAT", packed) + PngChunk("IEND", "");
}

TEST(ImageFormatsTest, SixteenBitPng) {
  std::string row(1, '\0');
  for (int x = 0; x < 40; ++x) row += std::string("\xC0\x12\x40\x34\x20\x56", 6);
  const TemporaryFile file(".png", Png(40, 30, 16, 2, row, 30));
  const auto result = RenderFileAt(file.path());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->preview.size, (ImageSize{40, 30}));
  EXPECT_LE(Distance(QuarterColors(testing::DecodeJpegForTest(result->preview.bytes))[0], {0xC0, 0x40, 0x20}), 4);
}

TEST(ImageFormatsTest, TransparentPngKeepsItsAlphaInWebpOnly) {
  std::string row(1, '\0');
  for (int x = 0; x < 64; ++x) row += x < 32 ? std::string("\xFF\xFF\xFF\xFF", 4) : std::string("\xFF\xFF\xFF\x00", 4);
  const TemporaryFile file(".png", Png(64, 48, 8, 6, row, 48));
  const auto result = RenderFileAt(file.path());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->thumbnail.is_transparent);
  EXPECT_FALSE(result->preview.is_transparent);
  const PlanarImage thumbnail = testing::DecodeWebpForTest(result->thumbnail.bytes);
  EXPECT_EQ(thumbnail.alpha->Row(20)[10], 255);
  EXPECT_EQ(thumbnail.alpha->Row(20)[55], 0);
  const auto preview = QuarterColors(testing::DecodeJpegForTest(result->preview.bytes));
  EXPECT_LE(Distance(preview[0], {255, 255, 255}), 3);
  EXPECT_LE(Distance(preview[1], {0, 0, 0}), 3);
}

TEST(ImageFormatsTest, AHugePngIsRefusedByItsHeader) {
  const std::string row(30'000 / 8 + 1, '\0');
  const TemporaryFile file(".png", Png(30'000, 30'000, 1, 0, row, 100));
  const auto start = std::chrono::steady_clock::now();
  const auto result = RenderFileAt(file.path());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, FailureKind::kTooLarge);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(ImageFormatsTest, ATruncatedPngFails) {
  std::string row(1, '\0');
  for (int x = 0; x < 256; ++x) row += static_cast<char>(x * 37);
  std::string png = Png(256, 256, 8, 0, row, 256);
  png.resize(png.size() - png.size() / 3);
  const TemporaryFile file(".png", png);
  EXPECT_FALSE(RenderFileAt(file.path()));
}

TEST(ImageFormatsTest, SvgIsDrawnWithoutFollowingReferences) {
  const TemporaryFile secret(".png", Png(8, 8, 8, 2, std::string(1, '\0') + std::string(24, '\xFF'), 8));
  const std::string svg =
      "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
      "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='80' height='60'>"
      "<rect width='80' height='60' fill='#dc1e1e'/><text>&x;</text>"
      "<image xlink:href='" + secret.path() + "' width='80' height='60'/>"
      "<image xlink:href='file://" + secret.path() + "' width='80' height='60'/></svg>";
  const TemporaryFile file(".svg", svg);
  const auto result = RenderFileAt(file.path());
  if (!result) return;  // refusing the file is as good
  EXPECT_EQ(result->preview.size, (ImageSize{80, 60}));
  EXPECT_LE(Distance(QuarterColors(testing::DecodeJpegForTest(result->preview.bytes))[0], testing::kRed), 6);
}

TEST(ImageFormatsTest, AnSvgEntityBombEndsQuickly) {
  std::string svg = "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a0 'lol'>";
  for (int i = 1; i < 30; ++i) {
    const std::string previous = "&a" + std::to_string(i - 1) + ";";
    svg += "<!ENTITY a" + std::to_string(i) + " '" + previous + previous + previous + previous + "'>";
  }
  svg += "]><svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><text>&a29;</text></svg>";
  const TemporaryFile file(".svg", svg);
  const auto start = std::chrono::steady_clock::now();
  RenderFileAt(file.path());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

/// A GIF that announces the largest canvas and brings hardly any data.
TEST(ImageFormatsTest, AGifBombIsRefusedByItsHeader) {
  const std::string gif = std::string("GIF89a\xFF\xFF\xFF\xFF\x80\0\0\0\0\0\xFF\xFF\xFF", 19) +
                          std::string(",\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02\x44\x01\0;", 16);
  const TemporaryFile file(".gif", gif);
  const auto result = RenderFileAt(file.path());
  ASSERT_FALSE(result);
}

TEST(ImageFormatsTest, RandomBytesBehindEveryMagicNumberAreHarmless) {
  const std::vector<std::pair<const char*, std::string>> starts = {
      {".png", "\x89PNG\r\n\x1A\n"}, {".webp", "RIFF\x40\0\0\0WEBPVP8 "}, {".gif", "GIF89a"},
      {".tif", std::string("II*\0\x08\0\0\0", 8)}, {".heic", std::string("\0\0\0\x18" "ftypheic", 12)},
      {".jxl", "\xFF\x0A"}, {".dng", std::string("II*\0\x08\0\0\0", 8)}, {".jp2", std::string("\0\0\0\x0CjP  \r\n\x87\n", 12)},
      {".bmp", "BM"}, {".psd", "8BPS"}, {".svg", "<svg"}};
  for (const auto& [extension, magic] : starts) {
    std::string bytes = magic;
    for (int i = 0; i < 600; ++i) bytes += static_cast<char>(i * 131 + i / 7);
    const TemporaryFile file(extension, bytes);
    EXPECT_FALSE(RenderFileAt(file.path())) << extension;
  }
}

class CorpusFormatTest : public ::testing::TestWithParam<std::tuple<const char*, ImageSize, ImageSize>> {};

TEST_P(CorpusFormatTest, GivesTheRightSizes) {
  const auto corpus = testing::CorpusFolder();
  if (corpus.empty()) GTEST_SKIP() << "no shared corpus";
  const auto& [name, source, preview] = GetParam();
  const auto result = RenderFileAt(corpus / "formats" / name);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->source_size, source);
  EXPECT_EQ(result->preview.size, preview);
  EXPECT_EQ(testing::DecodeJpegForTest(result->preview.bytes).size(), preview);
  EXPECT_FALSE(result->thumbhash.empty());
}

INSTANTIATE_TEST_SUITE_P(Formats, CorpusFormatTest,
                         ::testing::Values(std::tuple("8bit-sRGB.avif", ImageSize{1617, 1080}, ImageSize{1617, 1080}),
                                           std::tuple("8bit-sRGB.jxl", ImageSize{1440, 1080}, ImageSize{1440, 1080}),
                                           std::tuple("IMG_2682.heic", ImageSize{4032, 3024}, ImageSize{1920, 1440}),
                                           std::tuple("denali.webp", ImageSize{600, 315}, ImageSize{600, 315}),
                                           std::tuple("density_plot.png", ImageSize{800, 800}, ImageSize{800, 800}),
                                           std::tuple("10bit-HDR-P3-nclx.avif", ImageSize{3681, 5594}, ImageSize{1440, 2188})));

TEST(ImageFormatsTest, AnHdrPictureIsNeitherWashedOutNorBurnt) {
  const auto corpus = testing::CorpusFolder();
  if (corpus.empty()) GTEST_SKIP() << "no shared corpus";
  const auto result = RenderFileAt(corpus / "formats/10bit-HDR-P3-nclx.avif");
  ASSERT_TRUE(result);
  // Top quarters are blue sky, the bottom ones grass.
  const auto colors = QuarterColors(testing::DecodeJpegForTest(result->preview.bytes));
  EXPECT_GT(colors[0][2], colors[0][0] + 60);
  EXPECT_GT(colors[0][2], 150);
  EXPECT_GT(colors[2][1], colors[2][2] + 20);
}

}  // namespace
}  // namespace immich::media
