#include "media/metadata/box_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "media/metadata/jxl_size.hpp"
#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

std::string Big(uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 255);
  return out;
}

std::string Box(const std::string& type, const std::string& payload) {
  return Big(payload.size() + 8, 4) + type + payload;
}

std::string FullBox(const std::string& type, int version, const std::string& payload) {
  return Box(type, Big(static_cast<uint64_t>(version), 1) + Big(0, 3) + payload);
}

/// A HEIC with a primary item of 4032×3024 turned by one quarter, Exif and XMP items in `idat`, and a motion video.
std::string SampleHeic() {
  const std::string exif = Big(0, 4) + "II*\0";
  const std::string xmp = "<x:xmpmeta/>";
  const auto infe = [](int id, const std::string& type, const std::string& more) {
    return FullBox("infe", 2, Big(static_cast<uint64_t>(id), 2) + Big(0, 2) + type + std::string(1, '\0') + more);
  };
  const std::string iinf = FullBox("iinf", 0,
                                   Big(3, 2) + infe(1, "hvc1", "") + infe(2, "Exif", "") +
                                       infe(3, "mime", std::string("application/rdf+xml\0", 20)));
  const auto location = [](int id, size_t offset, size_t length) {
    return Big(static_cast<uint64_t>(id), 2) + Big(1, 2) + Big(0, 2) + Big(1, 2) + Big(offset, 4) + Big(length, 4);
  };
  const std::string iloc = FullBox(
      "iloc", 1, Big(0x4400, 2) + Big(2, 2) + location(2, 0, exif.size()) + location(3, exif.size(), xmp.size()));
  const std::string ipco = Box("ipco", FullBox("ispe", 0, Big(4032, 4) + Big(3024, 4)) + Box("irot", Big(3, 1)) +
                                           FullBox("pixi", 0, Big(3, 1) + std::string(3, '\x0A')) +
                                           Box("colr", "nclx" + Big(12, 2) + Big(16, 2) + Big(5, 2) + Big(0x80, 1)));
  const std::string ipma = FullBox("ipma", 0, Big(1, 4) + Big(1, 2) + Big(4, 1) + "\x01\x02\x03\x04");
  const std::string meta = FullBox(
      "meta", 0, FullBox("pitm", 0, Big(1, 2)) + iinf + iloc + Box("iprp", ipco + ipma) + Box("idat", exif + xmp));
  return Box("ftyp", "heic" + Big(0, 4)) + meta + Box("mpvd", "video bytes");
}

TEST(BoxFileTest, ReadsWhatTheBoxesOfAHeicSay) {
  const std::string bytes = SampleHeic();
  const testing::TemporaryFile file(".heic", bytes);
  const auto image = ReadBoxedImage(file.path());
  ASSERT_TRUE(image);
  EXPECT_EQ(image->size, (ImageSize{4032, 3024}));
  EXPECT_EQ(image->rotation, 3);
  EXPECT_EQ(image->bits_per_channel, 10);
  EXPECT_EQ(image->nclx->primaries, 12);
  EXPECT_EQ(image->nclx->transfer, 16);
  EXPECT_TRUE(image->nclx->full_range);
  EXPECT_EQ(image->xmp, "<x:xmpmeta/>");
  ASSERT_TRUE(image->motion_video);
  EXPECT_EQ(
      bytes.substr(static_cast<size_t>(image->motion_video->offset), static_cast<size_t>(image->motion_video->length)),
      "video bytes");
}

TEST(BoxFileTest, ImageSequencesHaveADuration) {
  const auto seconds_of = [](const std::string& movie_header) {
    const testing::TemporaryFile file(".avif", Box("ftyp", "avis" + Big(0, 4)) + Box("moov", movie_header));
    return ReadBoxedImage(file.path())->duration_seconds;
  };
  EXPECT_EQ(seconds_of(FullBox("mvhd", 0, Big(0, 8) + Big(600, 4) + Big(1500, 4))), 2.5);
  EXPECT_EQ(seconds_of(FullBox("mvhd", 1, Big(0, 8) + Big(0, 8) + Big(1000, 4) + Big(4'500'000'000, 8))), 4'500'000);
  EXPECT_EQ(seconds_of(FullBox("mvhd", 0, Big(0, 8) + Big(0, 4) + Big(1500, 4))), std::nullopt);
  EXPECT_EQ(seconds_of(FullBox("mvhd", 0, Big(0, 8))), std::nullopt);
  EXPECT_EQ(seconds_of(""), std::nullopt);
}

TEST(BoxFileTest, EveryTruncationAndManyMutationsAreHarmless) {
  const std::string bytes = SampleHeic();
  for (size_t length = 0; length < bytes.size(); length += 3) {
    const testing::TemporaryFile file(".heic", bytes.substr(0, length));
    ReadBoxedImage(file.path());
  }
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string mutated = bytes;
    mutated[at] = '\xFF';
    const testing::TemporaryFile file(".heic", mutated);
    ReadBoxedImage(file.path());
  }
}

TEST(BoxFileTest, OtherFilesAreUnsupported) {
  const testing::TemporaryFile file(".heic", "not an image at all");
  const auto image = ReadBoxedImage(file.path());
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().kind, FailureKind::kUnsupported);
  EXPECT_EQ(ReadBoxedImage("/nonexistent").error().kind, FailureKind::kNotFound);
}

TEST(JxlSizeTest, ReadsSmallAndFreeSizes) {
  // small: 1, height/8-1 = 3 (32 px), ratio 1 (square): bits 1 11000 100 -> 0x47 0x00
  const uint8_t small[] = {0xFF, 0x0A, 0x47, 0x00};
  EXPECT_EQ(JxlCodestreamSize(small), (ImageSize{32, 32}));
  EXPECT_EQ(JxlCodestreamSize(std::span(small).first(2)), std::nullopt);
  const uint8_t other[] = {0x00, 0x0A, 0x47, 0x00};
  EXPECT_EQ(JxlCodestreamSize(other), std::nullopt);
}

TEST(BoxFileTest, CorpusFilesHaveTheirSizes) {
  const auto corpus = testing::CorpusFolder() / "formats";
  if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "no shared corpus";
  const auto heic = ReadBoxedImage(corpus / "IMG_2682.heic");
  ASSERT_TRUE(heic);
  EXPECT_EQ(heic->size, (ImageSize{4032, 3024}));
  EXPECT_EQ(heic->rotation, 0);
  EXPECT_FALSE(heic->exif.empty());
  EXPECT_FALSE(heic->icc.empty());
  const auto avif = ReadBoxedImage(corpus / "10bit-HDR-P3-nclx.avif");
  ASSERT_TRUE(avif);
  EXPECT_EQ(avif->size, (ImageSize{3681, 5594}));
  EXPECT_EQ(avif->nclx->transfer, 16);
  EXPECT_EQ(avif->bits_per_channel, 10);
  EXPECT_FALSE(avif->xmp.empty());
  const auto jxl = ReadBoxedImage(corpus / "8bit-sRGB.jxl");
  ASSERT_TRUE(jxl);
  EXPECT_EQ(jxl->size, (ImageSize{1440, 1080}));
}

}  // namespace
}  // namespace immich::media
