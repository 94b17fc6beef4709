#include "media/metadata/exiv2/exiv2_reader.hpp"

#include <gtest/gtest.h>

#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

std::string Sidecar(const std::string& properties) {
  return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
         "<rdf:Description rdf:about='' xmlns:exif='http://ns.adobe.com/exif/1.0/' "
         "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
         "xmlns:digiKam='http://www.digikam.org/ns/1.0/' xmlns:lr='http://ns.adobe.com/lightroom/1.0/' "
         "xmlns:G='http://ns.google.com/photos/1.0/camera/' xmlns:C='http://ns.google.com/photos/1.0/container/' "
         "xmlns:I='http://ns.google.com/photos/1.0/container/item/' "
         "xmlns:mwg='http://www.metadataworkinggroup.com/schemas/regions/' "
         "xmlns:d='http://ns.adobe.com/xap/1.0/sType/Dimensions#' "
         "xmlns:a='http://ns.adobe.com/xmp/sType/Area#'>" +
         properties + "</rdf:Description></rdf:RDF></x:xmpmeta>";
}

TagSet TagsOf(const std::string& sidecar) {
  const testing::TemporaryFile file(".xmp", sidecar);
  auto tags = ReadSidecarTags(file.path());
  EXPECT_TRUE(tags) << tags.error().message;
  return tags ? *tags : TagSet();
}

TEST(Exiv2ReaderTest, SidecarTextsNumbersAndLists) {
  const TagSet tags =
      TagsOf(Sidecar("<exif:DateTimeOriginal>2024-01-02T03:04:05.678+02:00</exif:DateTimeOriginal>"
                     "<exif:GPSLatitude>41,13.218N</exif:GPSLatitude><exif:GPSLongitude>96,4,17.85W</exif:GPSLongitude>"
                     "<xmp:Rating>4</xmp:Rating>"
                     "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Grüße</rdf:li></rdf:Alt></dc:description>"
                     "<digiKam:TagsList><rdf:Seq><rdf:li>a/b</rdf:li><rdf:li>c</rdf:li></rdf:Seq></digiKam:TagsList>"));
  EXPECT_EQ(tags.TextOf("DateTimeOriginal"), "2024-01-02T03:04:05.678+02:00");
  EXPECT_NEAR(*tags.NumberOf("GPSLatitude"), 41.2203, 1e-6);
  EXPECT_NEAR(*tags.NumberOf("GPSLongitude"), -96.0716250, 1e-6);
  EXPECT_EQ(tags.NumberOf("Rating"), 4);
  EXPECT_EQ(tags.TextOf("Description"), "Grüße");
  EXPECT_EQ(tags.Find("TagsList")->items.size(), 2U);
}

TEST(Exiv2ReaderTest, BrokenCoordinatesAreLeftOut) {
  const TagSet tags =
      TagsOf(Sidecar("<exif:GPSLatitude>41 north</exif:GPSLatitude><exif:GPSLongitude>W</exif:GPSLongitude>"));
  EXPECT_FALSE(tags.Has("GPSLatitude"));
  EXPECT_FALSE(tags.Has("GPSLongitude"));
}

TEST(Exiv2ReaderTest, MotionPhotoContainerWithForeignPrefixes) {
  const TagSet tags = TagsOf(Sidecar(
      "<G:MotionPhoto>1</G:MotionPhoto><C:Directory><rdf:Seq>"
      "<rdf:li rdf:parseType='Resource'><C:Item I:Mime='image/jpeg' I:Semantic='Primary' I:Padding='8'/></rdf:li>"
      "<rdf:li rdf:parseType='Resource'><C:Item I:Mime='video/mp4' I:Semantic='MotionPhoto' I:Length='12345'/></rdf:li>"
      "</rdf:Seq></C:Directory>"));
  EXPECT_EQ(tags.NumberOf("MotionPhoto"), 1);
  ASSERT_EQ(tags.container_items.size(), 2U);
  EXPECT_EQ(tags.container_items[0].padding, 8);
  EXPECT_EQ(tags.container_items[1].semantic, "MotionPhoto");
  EXPECT_EQ(tags.container_items[1].length, 12345);
}

TEST(Exiv2ReaderTest, FaceRegions) {
  const TagSet tags = TagsOf(
      Sidecar("<mwg:Regions rdf:parseType='Resource'><mwg:AppliedToDimensions d:w='1000' d:h='500' d:unit='pixel'/>"
              "<mwg:RegionList><rdf:Bag><rdf:li><rdf:Description mwg:Name='Ada' mwg:Type='Face'>"
              "<mwg:Area a:x='0.5' a:y='0.25' a:w='0.1' a:h='0.2' a:unit='normalized'/></rdf:Description></rdf:li>"
              "<rdf:li rdf:parseType='Resource'><mwg:Area a:x='0.1' a:y='0.1' a:w='0.1' a:h='0.1'/></rdf:li>"
              "</rdf:Bag></mwg:RegionList></mwg:Regions>"));
  EXPECT_EQ(tags.regions.applied_width, 1000);
  ASSERT_EQ(tags.regions.regions.size(), 2U);
  EXPECT_EQ(tags.regions.regions[0].name, "Ada");
  EXPECT_DOUBLE_EQ(tags.regions.regions[0].y, 0.25);
  EXPECT_EQ(tags.regions.regions[1].name, "");
}

TEST(Exiv2ReaderTest, BrokenSidecarsAreCorrupt) {
  for (const char* bad :
       {"", "garbage", "<x:xmpmeta", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><x>&b;</x>"}) {
    const testing::TemporaryFile file(".xmp", std::string_view(bad));
    const auto tags = ReadSidecarTags(file.path());
    if (tags) EXPECT_TRUE(tags->tags.empty()) << bad;
  }
  EXPECT_EQ(ReadSidecarTags("/nonexistent.xmp").error().kind, FailureKind::kNotFound);
}

TEST(Exiv2ReaderTest, PicturesGiveOrientationSizeAndDepth) {
  const testing::TemporaryFile file(".jpg", testing::WithExifOrientation(testing::QuarteredJpeg({64, 48}), 6));
  const auto tags = ReadPictureTags(file.path());
  ASSERT_TRUE(tags);
  EXPECT_EQ(tags->NumberOf("Orientation"), 6);
  EXPECT_EQ(tags->TextOf("ImageSize"), "64x48");
  EXPECT_EQ(tags->TextOf("BitsPerSample"), "8");
}

TEST(Exiv2ReaderTest, BrokenPicturesFailOrGiveLittle) {
  auto jpeg = testing::WithExifOrientation(testing::QuarteredJpeg({64, 48}), 6);
  for (size_t length = 0; length < 200; length += 7) {
    const testing::TemporaryFile file(".jpg", std::span(jpeg).first(length));
    ReadPictureTags(file.path());
  }
  const testing::TemporaryFile empty(".jpg", std::string_view());
  EXPECT_EQ(ReadPictureTags(empty.path()).error().kind, FailureKind::kUnsupported);
}

TEST(Exiv2ReaderTest, CorpusPhotographs) {
  const auto corpus = testing::CorpusFolder();
  if (corpus.empty()) GTEST_SKIP() << "no shared corpus";
  const auto heic = ReadPictureTags(corpus / "formats/IMG_2682.heic");
  ASSERT_TRUE(heic);
  EXPECT_EQ(heic->TextOf("Make"), "Apple");
  EXPECT_EQ(heic->TextOf("Model"), "iPhone 7");
  EXPECT_EQ(heic->TextOf("SubSecDateTimeOriginal"), "2019:03:21 11:04:22.348");
  EXPECT_EQ(heic->TextOf("ExposureTime"), "1/887");
  EXPECT_EQ(heic->NumberOf("FNumber"), 1.8);
  EXPECT_EQ(heic->NumberOf("ISO"), 20);
  EXPECT_EQ(heic->TextOf("ProfileDescription"), "Display P3");
  EXPECT_EQ(heic->TextOf("ColorSpace"), "Uncalibrated");
  EXPECT_EQ(heic->TextOf("GPSDateTime"), "2019:03:21 16:04:21.010Z");
  EXPECT_NEAR(*heic->NumberOf("GPSLatitude"), 41.22030, 1e-5);
  EXPECT_NEAR(*heic->NumberOf("GPSLongitude"), -96.07163, 1e-5);
  const auto jpeg = ReadPictureTags(corpus / "metadata/mongolels.jpg");
  ASSERT_TRUE(jpeg);
  EXPECT_EQ(jpeg->TextOf("Description"), "Mongol Els");
  EXPECT_EQ(jpeg->NumberOf("Rating"), 3);
}

}  // namespace
}  // namespace immich::media
