#include "media/mime/media_types.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace immich::media {
namespace {

TEST(MediaTypesTest, CountsMatchTheContract) {
  const auto count = [](MediaKind kind) { return std::ranges::count(AllMediaTypes(), kind, &MediaType::kind); };
  EXPECT_EQ(count(MediaKind::kImage), 48);
  EXPECT_EQ(count(MediaKind::kVideo), 20);
  EXPECT_EQ(count(MediaKind::kSidecar), 1);
}

TEST(MediaTypesTest, ExtensionsAreUniqueAndLowerCase) {
  std::set<std::string_view> seen;
  for (const MediaType& type : AllMediaTypes()) {
    EXPECT_TRUE(seen.insert(type.extension).second) << type.extension;
    EXPECT_TRUE(std::ranges::none_of(type.extension, [](char c) { return c >= 'A' && c <= 'Z'; })) << type.extension;
  }
}

TEST(MediaTypesTest, LooksUpByPathInAnyCase) {
  EXPECT_EQ(MimeTypeOfPath("/upload/a.b/IMG_1.JPG"), "image/jpeg");
  EXPECT_EQ(MimeTypeOfPath("clip.MOV"), "video/quicktime");
  EXPECT_EQ(MimeTypeOfPath("x.exe"), "application/octet-stream");
  EXPECT_EQ(MimeTypeOfPath("/a.jpg/noextension"), "application/octet-stream");
  EXPECT_EQ(FindMediaTypeByPath(".jpg"), nullptr);
  EXPECT_EQ(FindMediaTypeByPath(""), nullptr);
  EXPECT_EQ(FileExtension("/x/y.tar.gz"), ".gz");
}

TEST(MediaTypesTest, MxfIsAVideoDespiteItsMimeType) {
  EXPECT_EQ(FindMediaTypeByExtension(".mxf")->kind, MediaKind::kVideo);
  EXPECT_EQ(FindMediaTypeByExtension(".mxf")->mime_type, "application/mxf");
}

TEST(MediaTypesTest, FlagsFollowTheLists) {
  const auto flagged = [](bool MediaType::* flag) {
    std::set<std::string_view> extensions;
    for (const MediaType& type : AllMediaTypes()) {
      if (type.*flag) extensions.insert(type.extension);
    }
    return extensions;
  };
  EXPECT_EQ(flagged(&MediaType::is_web_viewable),
            (std::set<std::string_view>{".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp"}));
  EXPECT_EQ(flagged(&MediaType::is_possibly_animated),
            (std::set<std::string_view>{".avif", ".gif", ".heic", ".heif", ".jxl", ".png", ".webp"}));
  EXPECT_EQ(flagged(&MediaType::is_heif_family), (std::set<std::string_view>{".avif", ".heic", ".heif", ".hif"}));
  EXPECT_EQ(flagged(&MediaType::is_profile_image).size(), 9U);
  EXPECT_EQ(flagged(&MediaType::is_raw).size(), 30U);
}

TEST(MediaTypesTest, GifIsTreatedLikeAVideoForStills) {
  EXPECT_TRUE(UsesVideoStills("a.gif"));
  EXPECT_TRUE(UsesVideoStills("a.webm"));
  EXPECT_FALSE(UsesVideoStills("a.png"));
}

TEST(MediaTypesTest, ExtensionOfMimeTypeIsTheUsualOne) {
  EXPECT_EQ(ExtensionOfMimeType("image/jpeg"), ".jpg");
  EXPECT_EQ(ExtensionOfMimeType("image/webp"), ".webp");
  EXPECT_EQ(ExtensionOfMimeType("video/mp4"), ".mp4");
  EXPECT_EQ(ExtensionOfMimeType("text/plain"), "");
}

}  // namespace
}  // namespace immich::media
