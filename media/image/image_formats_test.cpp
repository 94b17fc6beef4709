// Formats other than JPEG, through the decoder modules: hostile files made here, real ones from the shared corpus.
#include <gtest/gtest.h>

// jpeglib.h needs <cstdio> first.
#include <cstdio>

#include <jpeglib.h>
#include <zlib.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "media/image/image_renderer.hpp"
#include "media/testing/sample_pictures.hpp"

// libxml2 leaks the values of entities it refuses to expand (Debian 12); the entity bomb below has thirty.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:xmlParseEntityValue\n";
}

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
  const auto crc =
      static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
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
  const std::string header =
      Big32(width) + Big32(height) + static_cast<char>(depth) + static_cast<char>(color_type) + std::string(3, '\0');
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
      "<image xlink:href='" +
      secret.path() +
      "' width='80' height='60'/>"
      "<image xlink:href='file://" +
      secret.path() + "' width='80' height='60'/></svg>";
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
      {".png", "\x89PNG\r\n\x1A\n"},
      {".webp", "RIFF\x40\0\0\0WEBPVP8 "},
      {".gif", "GIF89a"},
      {".tif", std::string("II*\0\x08\0\0\0", 8)},
      {".heic", std::string("\0\0\0\x18"
                            "ftypheic",
                            12)},
      {".jxl", "\xFF\x0A"},
      {".dng", std::string("II*\0\x08\0\0\0", 8)},
      {".jp2", std::string("\0\0\0\x0CjP  \r\n\x87\n", 12)},
      {".bmp", "BM"},
      {".psd", "8BPS"},
      {".svg", "<svg"}};
  for (const auto& [extension, magic] : starts) {
    std::string bytes = magic;
    for (int i = 0; i < 600; ++i) bytes += static_cast<char>(i * 131 + i / 7);
    const TemporaryFile file(extension, bytes);
    EXPECT_FALSE(RenderFileAt(file.path())) << extension;
  }
}

std::string Little(uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 255);
  return out;
}

/// A DNG with uncompressed 16-bit RGGB samples: the upper half bright red, the lower half dark.
std::string SampleDng(int width, int height, uint32_t orientation) {
  struct Entry {
    uint16_t tag;
    uint16_t type;  // 1 byte, 2 ascii, 3 short, 4 long, 5 rational, 10 signed rational
    uint32_t count;
    std::string value;
  };
  std::string matrix;
  for (const int value : {10000, 0, 0, 0, 10000, 0, 0, 0, 10000})
    matrix += Little(static_cast<uint32_t>(value), 4) + Little(10000, 4);
  std::string neutral;
  for (int i = 0; i < 3; ++i) neutral += Little(1, 4) + Little(1, 4);
  const auto w = static_cast<uint32_t>(width);
  const auto h = static_cast<uint32_t>(height);
  std::vector<Entry> entries = {
      {254, 4, 1, Little(0, 4)},
      {256, 4, 1, Little(w, 4)},
      {257, 4, 1, Little(h, 4)},
      {258, 3, 1, Little(16, 2)},
      {259, 3, 1, Little(1, 2)},
      {262, 3, 1, Little(32803, 2)},
      {271, 2, 5, std::string("Test\0", 5)},
      {272, 2, 5, std::string("Test\0", 5)},
      {273, 4, 1, ""},  // strip offset, filled in below
      {274, 3, 1, Little(orientation, 2)},
      {277, 3, 1, Little(1, 2)},
      {278, 4, 1, Little(h, 4)},
      {279, 4, 1, Little(w * h * 2, 4)},
      {33421, 3, 2, Little(2, 2) + Little(2, 2)},
      {33422, 1, 4, std::string("\0\1\1\2", 4)},
      {50706, 1, 4, std::string("\1\4\0\0", 4)},
      {50708, 2, 5, std::string("Test\0", 5)},
      {50714, 3, 1, Little(0, 2)},
      {50717, 4, 1, Little(65535, 4)},
      {50721, 10, 9, matrix},
      {50728, 5, 3, neutral},
      {50778, 3, 1, Little(21, 2)},
  };
  const auto directory_bytes = static_cast<uint32_t>(2 + entries.size() * 12 + 4);
  uint32_t extra_at = 8 + directory_bytes;
  uint32_t extra_bytes = 0;
  for (const Entry& entry : entries)
    extra_bytes += entry.value.size() > 4 ? static_cast<uint32_t>(entry.value.size() + 1) / 2 * 2 : 0;
  std::string out = std::string("II*\0", 4) + Little(8, 4) + Little(static_cast<uint32_t>(entries.size()), 2);
  std::string extra;
  for (Entry& entry : entries) {
    if (entry.tag == 273) entry.value = Little(8 + directory_bytes + extra_bytes, 4);
    out += Little(entry.tag, 2) + Little(entry.type, 2) + Little(entry.count, 4);
    if (entry.value.size() <= 4) {
      out += entry.value + std::string(4 - entry.value.size(), '\0');
    } else {
      out += Little(extra_at, 4);
      extra += entry.value + std::string(entry.value.size() % 2, '\0');
      extra_at = 8 + directory_bytes + static_cast<uint32_t>(extra.size());
    }
  }
  out += Little(0, 4) + extra;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool red = y % 2 == 0 && x % 2 == 0;
      out += Little(y < height / 2 ? (red ? 60000 : 6000) : 2000, 2);
    }
  }
  return out;
}

TEST(ImageFormatsTest, RawFilesAreDevelopedAndTurned) {
  for (const uint32_t orientation : {1U, 6U}) {
    const TemporaryFile file(".dng", SampleDng(640, 480, orientation));
    RenderRequest request;
    request.path = file.path();
    request.preview.size_px = 200;  // half size is enough
    request.thumbnail.size_px = 100;
    const auto result = RenderImage(request);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_FALSE(result->used_embedded);
    EXPECT_EQ(result->preview.size, orientation == 1 ? (ImageSize{267, 200}) : (ImageSize{200, 267}));
    const auto colors = QuarterColors(testing::DecodeJpegForTest(result->preview.bytes));
    const auto& bright = orientation == 1 ? colors[0] : colors[1];
    const auto& dark = orientation == 1 ? colors[2] : colors[0];
    EXPECT_GT(bright[0], bright[1] + 40);
    EXPECT_GT(bright[0], dark[0] + 60);
  }
}

/// A 4-component Adobe JPEG (inverted CMYK) of one colour.
std::vector<uint8_t> CmykJpeg(int width, int height, std::array<uint8_t, 4> inverted_cmyk) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &data, &size);
  jpeg.image_width = static_cast<JDIMENSION>(width);
  jpeg.image_height = static_cast<JDIMENSION>(height);
  jpeg.input_components = 4;
  jpeg.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 95, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<uint8_t> row;
  for (int x = 0; x < width; ++x) row.insert(row.end(), inverted_cmyk.begin(), inverted_cmyk.end());
  JSAMPROW rows[] = {row.data()};
  while (jpeg.next_scanline < jpeg.image_height) jpeg_write_scanlines(&jpeg, rows, 1);
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::vector<uint8_t> out(data, data + size);
  std::free(data);
  return out;
}

TEST(ImageFormatsTest, CmykJpegsGoThroughTheGeneralDecoder) {
  const TemporaryFile file(".jpg", CmykJpeg(120, 80, {255, 0, 0, 255}));  // magenta and yellow: red
  const auto result = RenderFileAt(file.path());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->preview.size, (ImageSize{120, 80}));
  const auto red = QuarterColors(testing::DecodeJpegForTest(result->preview.bytes))[0];
  EXPECT_GT(red[0], 190);
  EXPECT_LT(red[1], 90);
  EXPECT_LT(red[2], 90);
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
                                           std::tuple("10bit-HDR-P3-nclx.avif", ImageSize{3681, 5594},
                                                      ImageSize{1440, 2188})));

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
