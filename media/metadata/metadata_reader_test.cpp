#include "media/metadata/metadata_reader.hpp"

#include <gtest/gtest.h>

#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

MediaMetadata ReadFrom(const std::filesystem::path& path, std::optional<std::string> sidecar = {}) {
  MetadataRequest request;
  request.path = path;
  request.sidecar_path = std::move(sidecar);
  request.allow_exiftool = false;
  const auto metadata = ReadMetadata(request);
  EXPECT_TRUE(metadata);
  return metadata ? *metadata : MediaMetadata();
}

std::string Local(const MediaMetadata& metadata) {
  return ToIsoString(TimePoint(metadata.local_date_time.time_since_epoch()));
}

TEST(MetadataReaderTest, APhotographFromTheCorpus) {
  const auto corpus = testing::CorpusFolder();
  if (corpus.empty()) GTEST_SKIP() << "no shared corpus";
  const MediaMetadata heic = ReadFrom(corpus / "formats/IMG_2682.heic");
  EXPECT_EQ(heic.make, "Apple");
  EXPECT_EQ(heic.lens_model, "iPhone 7 back camera 3.99mm f/1.8");
  EXPECT_EQ(heic.time_zone, "America/Chicago");
  EXPECT_EQ(ToIsoString(heic.date_time_original), "2019-03-21T16:04:22.348Z");
  EXPECT_EQ(Local(heic), "2019-03-21T11:04:22.348Z");
  EXPECT_EQ(heic.width, 4032);
  EXPECT_EQ(heic.orientation, 1);
  EXPECT_EQ(heic.bits_per_sample, 8);
  EXPECT_EQ(heic.iso, 20);
  const MediaMetadata rotated = ReadFrom(corpus / "faces/portrait-orientation-6.jpg");
  EXPECT_EQ(rotated.orientation, 6);
  EXPECT_EQ(rotated.width, rotated.exif_image_height);
  const MediaMetadata springs = ReadFrom(corpus / "metadata/thompson-springs.jpg");
  EXPECT_EQ(springs.tags.size(), 5U);
  EXPECT_EQ(springs.time_zone, "America/Denver");
  EXPECT_TRUE(springs.profile_description->starts_with("sRGB v4"));
}

TEST(MetadataReaderTest, AFileWithoutTagsGivesItsTimes) {
  const testing::TemporaryFile file(".jpg", std::string_view("no picture"));
  MetadataRequest request;
  request.path = file.path();
  request.allow_exiftool = false;
  request.fallback_date = ParseIso("2001-02-03T04:05:06Z");
  const auto metadata = ReadMetadata(request);
  ASSERT_TRUE(metadata);
  EXPECT_FALSE(metadata->has_capture_date);
  EXPECT_EQ(metadata->date_time_original, request.fallback_date);
  EXPECT_EQ(metadata->file_size_bytes, 10);
}

TEST(MetadataReaderTest, TheSidecarWins) {
  const testing::TemporaryFile file(".jpg", testing::QuarteredJpeg({64, 48}));
  const auto packet = UpdateSidecar({}, {.description = "from the sidecar",
                                         .date_time_original = "2024-01-02T03:04:05+02:00",
                                         .latitude = {},
                                         .longitude = {},
                                         .rating = 3,
                                         .tags = {}});
  ASSERT_TRUE(packet);
  const testing::TemporaryFile sidecar(".xmp", *packet);
  const MediaMetadata metadata = ReadFrom(file.path(), sidecar.path());
  EXPECT_EQ(metadata.description, "from the sidecar");
  EXPECT_EQ(metadata.rating, 3);
  EXPECT_EQ(ToIsoString(metadata.date_time_original), "2024-01-02T01:04:05.000Z");
  EXPECT_EQ(metadata.time_zone, "UTC+2");
}

TEST(MetadataReaderTest, AMissingFileFails) {
  MetadataRequest request;
  request.path = "/nonexistent.jpg";
  const auto metadata = ReadMetadata(request);
  ASSERT_FALSE(metadata);
  EXPECT_EQ(metadata.error().kind, FailureKind::kNotFound);
}

}  // namespace
}  // namespace immich::media
