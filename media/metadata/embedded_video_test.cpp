#include <gtest/gtest.h>

#include "media/metadata/motion_photo.hpp"
#include "media/metadata/samsung_trailer.hpp"
#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

TagSet MotionTags() {
  TagSet tags;
  tags.AddNumber("MotionPhoto", 1);
  return tags;
}

TEST(MotionPhotoTest, ContainerDirectoryCountsFromTheEnd) {
  TagSet tags = MotionTags();
  tags.container_items = {{.semantic = "Primary", .length = 0, .padding = 8},
                          {.semantic = "MotionPhoto", .length = 300, .padding = 20}};
  const auto motion = FindMotionPhoto(tags, 1000);
  ASSERT_TRUE(motion);
  EXPECT_EQ(motion->offset, 680);
  EXPECT_EQ(motion->length, 300);
}

TEST(MotionPhotoTest, MicroVideoOffsetIsTheLength) {
  TagSet tags;
  tags.AddNumber("MicroVideo", 1);
  tags.AddNumber("MicroVideoOffset", 400);
  EXPECT_EQ(FindMotionPhoto(tags, 1000)->offset, 600);
}

TEST(MotionPhotoTest, NeedsTheTagAndAPlaceInsideTheFile) {
  TagSet tags;
  tags.AddNumber("MicroVideoOffset", 400);
  EXPECT_FALSE(FindMotionPhoto(tags, 1000));
  tags.AddNumber("MicroVideo", 0);
  EXPECT_FALSE(FindMotionPhoto(tags, 1000));
  TagSet too_long = MotionTags();
  too_long.container_items = {{.semantic = "MotionPhoto", .length = 1001, .padding = 0}};
  EXPECT_FALSE(FindMotionPhoto(too_long, 1000));
  TagSet whole = MotionTags();
  whole.container_items = {{.semantic = "MotionPhoto", .length = 1000, .padding = 0}};
  EXPECT_FALSE(FindMotionPhoto(whole, 1000));
  TagSet negative = MotionTags();
  negative.container_items = {{.semantic = "MotionPhoto", .length = 10, .padding = -20}};
  EXPECT_FALSE(FindMotionPhoto(negative, 1000));
}

TEST(MotionPhotoTest, TheHeicBoxGoesFirst) {
  TagSet tags = MotionTags();
  tags.container_items = {{.semantic = "MotionPhoto", .length = 300, .padding = 0}};
  tags.samsung_trailer_video = EmbeddedVideoTag{200, 50};
  EXPECT_EQ(FindMotionPhoto(tags, 1000)->offset, 200);
  tags.heic_motion_video = EmbeddedVideoTag{100, 90};
  EXPECT_EQ(FindMotionPhoto(tags, 1000)->length, 90);
}

void AppendLittle32(uint32_t value, std::string& out) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i) & 255);
}

/// A picture, one trailer block of the given type and name holding "VIDEO", and the directory.
std::string WithSamsungTrailer(uint16_t type, const std::string& name) {
  std::string block;
  AppendLittle32(static_cast<uint32_t>(type) << 16, block);
  AppendLittle32(static_cast<uint32_t>(name.size()), block);
  block += name + "VIDEO";
  std::string directory = "SEFH";
  AppendLittle32(106, directory);
  AppendLittle32(1, directory);
  AppendLittle32(static_cast<uint32_t>(type) << 16, directory);
  AppendLittle32(static_cast<uint32_t>(block.size()), directory);
  AppendLittle32(static_cast<uint32_t>(block.size()), directory);
  std::string out = "the picture" + block + directory;
  AppendLittle32(static_cast<uint32_t>(directory.size()), out);
  return out + "SEFT";
}

TEST(SamsungTrailerTest, FindsTheVideoBlock) {
  const std::string bytes = WithSamsungTrailer(0x0A30, "MotionPhoto_Data");
  const testing::TemporaryFile file(".jpg", bytes);
  const auto video = FindSamsungTrailerVideo(PositionedFile(file.path()));
  ASSERT_TRUE(video);
  EXPECT_EQ(bytes.substr(static_cast<size_t>(video->offset), static_cast<size_t>(video->length)), "VIDEO");
}

TEST(SamsungTrailerTest, OtherBlocksAndBrokenTrailersAreNone) {
  for (const std::string& bytes :
       {WithSamsungTrailer(0x0A01, "Image_UTC_Data"), WithSamsungTrailer(0x0A30, "MotionPhoto_Xxxx"),
        std::string("SEFT"), std::string("\xFF\xFF\xFF\x7F") + "SEFT", std::string(),
        "SEFH" + std::string(8, '\xFF') + std::string("\x0C\0\0\0", 4) + "SEFT"}) {
    const testing::TemporaryFile file(".jpg", bytes);
    EXPECT_FALSE(FindSamsungTrailerVideo(PositionedFile(file.path()))) << bytes.size();
  }
}

TEST(SamsungTrailerTest, EveryTruncationIsHarmless) {
  const std::string bytes = WithSamsungTrailer(0x0A30, "MotionPhoto_Data");
  for (size_t start = 1; start < bytes.size(); ++start) {
    const testing::TemporaryFile file(".jpg", bytes.substr(start));
    FindSamsungTrailerVideo(PositionedFile(file.path()));
  }
}

}  // namespace
}  // namespace immich::media
