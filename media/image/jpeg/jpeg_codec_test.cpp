#include <gtest/gtest.h>

#include <random>

#include "media/image/color/icc_profile.hpp"
#include "media/image/jpeg/jpeg_decoder.hpp"
#include "media/image/jpeg/jpeg_encoder.hpp"
#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

using testing::Distance;
using testing::QuarterColors;
using testing::QuarteredJpeg;

std::expected<PlanarImage, Failure> DecodeAt(std::span<const uint8_t> bytes, ImageSize target, bool tolerate = false) {
  auto decoder = JpegDecoder::Open(bytes);
  if (!decoder) return std::unexpected(decoder.error());
  return decoder->Decode({.target = target, .exact = true, .tolerate_truncated = tolerate});
}

void ExpectQuartersUpright(const PlanarImage& picture) {
  const auto colors = QuarterColors(picture);
  EXPECT_LE(Distance(colors[0], testing::kRed), 4);
  EXPECT_LE(Distance(colors[1], testing::kGreen), 4);
  EXPECT_LE(Distance(colors[2], testing::kBlue), 4);
  EXPECT_LE(Distance(colors[3], testing::kGrey), 4);
}

TEST(JpegCodecTest, RoundTripAtAllChromaAndScanKinds) {
  for (const int quality : {79, 80, 100}) {
    for (const bool progressive : {false, true}) {
      const auto bytes = QuarteredJpeg({83, 61}, quality, progressive);
      auto decoder = JpegDecoder::Open(bytes);
      ASSERT_TRUE(decoder);
      EXPECT_EQ(decoder->header().size, (ImageSize{83, 61}));
      EXPECT_EQ(decoder->header().is_progressive, progressive);
      EXPECT_TRUE(decoder->header().is_ycc_or_grey);
      auto picture = decoder->Decode({.target = {83, 61}});
      ASSERT_TRUE(picture);
      ExpectQuartersUpright(*picture);
    }
  }
}

TEST(JpegCodecTest, EveryScaleGivesTheExactSizeAndColours) {
  for (const int quality : {70, 90}) {
    const auto bytes = QuarteredJpeg({1001, 703}, quality);
    for (const ImageSize target :
         {ImageSize{1001, 703}, {1000, 702}, {501, 352}, {480, 337}, {250, 176}, {120, 84}, {40, 28}}) {
      const auto picture = DecodeAt(bytes, target);
      ASSERT_TRUE(picture);
      EXPECT_EQ(picture->size(), target);
      EXPECT_EQ(picture->cb.size(), target);
      ExpectQuartersUpright(*picture);
    }
  }
}

TEST(JpegCodecTest, InexactDecodeStopsAtTheCoveringScale) {
  const auto bytes = QuarteredJpeg({1001, 703});
  auto decoder = JpegDecoder::Open(bytes);
  ASSERT_TRUE(decoder);
  const auto picture = decoder->Decode({.target = {300, 211}, .exact = false});
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->size(), (ImageSize{501, 352}));
}

TEST(JpegCodecTest, OrientationComesFromExif) {
  const auto bytes = QuarteredJpeg({64, 48});
  for (int orientation = 1; orientation <= 8; ++orientation) {
    auto decoder = JpegDecoder::Open(testing::WithExifOrientation(bytes, orientation));
    ASSERT_TRUE(decoder);
    EXPECT_EQ(decoder->header().orientation, static_cast<Orientation>(orientation));
  }
}

TEST(JpegCodecTest, ProfileAndXmpAreWritten) {
  PlanarImage picture = testing::QuarteredPicture({32, 32});
  const auto icc = IccProfileBytes(ColorProfile::kDisplayP3);
  const std::string xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";
  const auto bytes = EncodeJpeg(picture, {.quality = 80, .progressive = false, .icc = icc, .xmp = xmp});
  ASSERT_TRUE(bytes);
  auto decoder = JpegDecoder::Open(*bytes);
  ASSERT_TRUE(decoder);
  EXPECT_EQ(KnownProfileOf(decoder->header().icc), ColorProfile::kDisplayP3);
  const std::string text(bytes->begin(), bytes->end());
  EXPECT_NE(text.find(std::string("http://ns.adobe.com/xap/1.0/\0", 29) + xmp), std::string::npos);
}

TEST(JpegCodecTest, TruncatedFilesFailUnlessTolerated) {
  auto bytes = QuarteredJpeg({400, 300});
  bytes.resize(bytes.size() / 2);
  const auto strict = DecodeAt(bytes, {400, 300});
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().kind, FailureKind::kCorrupt);
  const auto tolerant = DecodeAt(bytes, {400, 300}, true);
  ASSERT_TRUE(tolerant);
  EXPECT_LE(Distance(QuarterColors(*tolerant)[0], testing::kRed), 4);
}

TEST(JpegCodecTest, GarbageIsCorruptNeverACrash) {
  EXPECT_FALSE(JpegDecoder::Open({}));
  const auto good = QuarteredJpeg({97, 41}, 70);
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    auto bytes = good;
    for (int i = 0; i < 4; ++i) bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    auto decoder = JpegDecoder::Open(bytes);
    if (!decoder || !decoder->header().is_ycc_or_grey || decoder->header().size.pixels() > 1'000'000) continue;
    const auto picture = decoder->Decode({.target = FitShorterEdge(decoder->header().size, 20)});
    if (picture) EXPECT_EQ(picture->size(), FitShorterEdge(decoder->header().size, 20));
  }
}

TEST(JpegCodecTest, AScanBombIsRefused) {
  // A progressive file whose last scan is repeated 200 times.
  const auto bytes = QuarteredJpeg({64, 64}, 90, true);
  size_t last_scan = 0;
  for (size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (bytes[i] == 0xFF && bytes[i + 1] == 0xDA) last_scan = i;
  }
  std::vector<uint8_t> bomb(bytes.begin(), bytes.end() - 2);
  for (int i = 0; i < 200; ++i) {
    bomb.insert(bomb.end(), bytes.begin() + static_cast<ptrdiff_t>(last_scan), bytes.end() - 2);
  }
  bomb.insert(bomb.end(), bytes.end() - 2, bytes.end());
  EXPECT_FALSE(DecodeAt(bomb, {64, 64}, true));
}

}  // namespace
}  // namespace immich::media
