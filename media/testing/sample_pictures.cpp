#include "media/testing/sample_pictures.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <webp/decode.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "media/image/color/ycc_convert.hpp"
#include "media/image/jpeg/jpeg_decoder.hpp"
#include "media/image/jpeg/jpeg_encoder.hpp"

namespace immich::media::testing {
namespace {

/// Creates a file nobody else has: its name is free also of what killed tests left behind.
std::filesystem::path CreateTemporaryFile(const std::string& extension, std::span<const uint8_t> bytes) {
  std::string name = (std::filesystem::temp_directory_path() / ("immich-media-test-XXXXXX" + extension)).string();
  const int fd = mkstemps(name.data(), static_cast<int>(extension.size()));
  if (fd < 0) throw std::system_error(errno, std::generic_category(), name);
  close(fd);
  std::ofstream out(name, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + name);
  return name;
}

Rgb MeanColor(const PlanarImage& picture, ImageRect rect) {
  std::vector<uint8_t> row(static_cast<size_t>(picture.size().width) * 3);
  std::array<int64_t, 3> sums{};
  for (int y = rect.y; y < rect.y + rect.height; ++y) {
    YccRowToRgb(picture, y, row.data());
    for (int x = rect.x; x < rect.x + rect.width; ++x) {
      for (size_t c = 0; c < 3; ++c) sums[c] += row[static_cast<size_t>(x) * 3 + c];
    }
  }
  const int64_t count = static_cast<int64_t>(rect.width) * rect.height;
  return {static_cast<int>(sums[0] / count), static_cast<int>(sums[1] / count), static_cast<int>(sums[2] / count)};
}

}  // namespace

PlanarImage QuarteredPicture(ImageSize size) {
  PlanarImage picture = MakePlanarImage(size);
  std::vector<uint8_t> row(static_cast<size_t>(size.width) * 3);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const bool right = 2 * x >= size.width;
      const bool bottom = 2 * y >= size.height;
      const Rgb& color = bottom ? (right ? kGrey : kBlue) : (right ? kGreen : kRed);
      for (size_t c = 0; c < 3; ++c) row[static_cast<size_t>(x) * 3 + c] = static_cast<uint8_t>(color[c]);
    }
    RgbRowToYcc(row.data(), 3, picture, y);
  }
  return picture;
}

std::vector<uint8_t> QuarteredJpeg(ImageSize size, int quality, bool progressive) {
  PlanarImage picture = QuarteredPicture(size);
  auto bytes = EncodeJpeg(picture, {.quality = quality, .progressive = progressive, .icc = {}, .xmp = {}});
  EXPECT_TRUE(bytes);
  return bytes ? *bytes : std::vector<uint8_t>();
}

std::vector<uint8_t> WithExifOrientation(const std::vector<uint8_t>& jpeg, int orientation) {
  const std::vector<uint8_t> app1 = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
                                     'M',  'M',  0, 42, 0,   0,   0,   8,   0, 1,
                                     1,    0x12, 0, 3,  0,   0,   0,   1,   0, static_cast<uint8_t>(orientation),
                                     0,    0,    0, 0,  0,   0};
  std::vector<uint8_t> out(jpeg.begin(), jpeg.begin() + 2);
  out.insert(out.end(), app1.begin(), app1.end());
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

std::array<Rgb, 4> QuarterColors(const PlanarImage& picture) {
  const int width = picture.size().width;
  const int height = picture.size().height;
  const ImageSize patch{std::max(1, width / 8), std::max(1, height / 8)};
  const auto at = [&](int x_quarters, int y_quarters) {
    return MeanColor(picture, {width * x_quarters / 4 - patch.width / 2, height * y_quarters / 4 - patch.height / 2,
                               patch.width, patch.height});
  };
  return {at(1, 1), at(3, 1), at(1, 3), at(3, 3)};
}

PlanarImage DecodeJpegForTest(std::span<const uint8_t> bytes) {
  auto decoder = JpegDecoder::Open(bytes);
  EXPECT_TRUE(decoder);
  if (!decoder) return MakePlanarImage({8, 8});
  auto picture = decoder->Decode({.target = decoder->header().size});
  EXPECT_TRUE(picture);
  return picture ? std::move(*picture) : MakePlanarImage({8, 8});
}

PlanarImage DecodeWebpForTest(std::span<const uint8_t> bytes) {
  int width = 0;
  int height = 0;
  const std::unique_ptr<uint8_t, void (*)(void*)> rgba(WebPDecodeRGBA(bytes.data(), bytes.size(), &width, &height),
                                                       WebPFree);
  EXPECT_NE(rgba, nullptr);
  if (rgba == nullptr) return MakePlanarImage({8, 8});
  PlanarImage picture = MakePlanarImage({width, height}, true);
  for (int y = 0; y < height; ++y) {
    const uint8_t* row = rgba.get() + static_cast<ptrdiff_t>(y) * width * 4;
    RgbRowToYcc(row, 4, picture, y);
    for (int x = 0; x < width; ++x) picture.alpha->Row(y)[x] = row[4 * x + 3];
  }
  return picture;
}

int Distance(Rgb a, Rgb b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

TemporaryFile::TemporaryFile(const std::string& extension, std::span<const uint8_t> bytes)
    : path_(CreateTemporaryFile(extension, bytes)) {}

TemporaryFile::TemporaryFile(const std::string& extension, std::string_view text)
    : TemporaryFile(extension, std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size())) {}

TemporaryFile::~TemporaryFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

std::filesystem::path CorpusFolder() {
  std::error_code ignored;
  for (std::filesystem::path folder = std::filesystem::current_path(ignored); !folder.empty();
       folder = folder.parent_path()) {
    const std::filesystem::path candidate = folder / "shared" / "media";
    if (std::filesystem::is_directory(candidate, ignored)) return candidate;
    if (folder == folder.root_path()) break;
  }
  return {};
}

}  // namespace immich::media::testing
