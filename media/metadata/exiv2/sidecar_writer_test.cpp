#include "media/metadata/exiv2/sidecar_writer.hpp"

#include <gtest/gtest.h>

#include "media/metadata/exiv2/exiv2_reader.hpp"
#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TagSet Read(const std::string& packet) {
  const testing::TemporaryFile file(".xmp", packet);
  auto tags = ReadSidecarTags(file.path());
  EXPECT_TRUE(tags);
  return tags ? *tags : TagSet();
}

SidecarChanges AllChanges() {
  return {.description = "Ärger & <Freude>",
          .date_time_original = "2024-01-02T03:04:05.678+02:00",
          .latitude = -33.8688,
          .longitude = 151.2093,
          .rating = 5,
          .tags = std::vector<std::string>{"a/b", "c, d"}};
}

TEST(SidecarWriterTest, ANewSidecarReadsBack) {
  const auto packet = UpdateSidecarPacket({}, AllChanges());
  ASSERT_TRUE(packet) << packet.error().message;
  const TagSet tags = Read(*packet);
  EXPECT_EQ(tags.TextOf("Description"), "Ärger & <Freude>");
  EXPECT_EQ(tags.TextOf("ImageDescription"), "Ärger & <Freude>");
  EXPECT_EQ(tags.TextOf("DateTimeOriginal"), "2024-01-02T03:04:05.678+02:00");
  EXPECT_NEAR(*tags.NumberOf("GPSLatitude"), -33.8688, 1e-8);
  EXPECT_NEAR(*tags.NumberOf("GPSLongitude"), 151.2093, 1e-8);
  EXPECT_EQ(tags.NumberOf("Rating"), 5);
  ASSERT_EQ(tags.Find("TagsList")->items.size(), 2U);
  EXPECT_EQ(tags.Find("TagsList")->items[1].text, "c, d");
}

TEST(SidecarWriterTest, OtherPropertiesStayAlsoInUnknownNamespaces) {
  const std::string old =
      "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
      "<rdf:Description rdf:about='' xmlns:my='http://example.com/my/' xmlns:xmp='http://ns.adobe.com/xap/1.0/' "
      "xmlns:dc='http://purl.org/dc/elements/1.1/' my:keep='kept' xmp:Rating='2' xmp:Label='Red'>"
      "<my:list><rdf:Seq><rdf:li>one</rdf:li></rdf:Seq></my:list>"
      "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>old</rdf:li><rdf:li xml:lang='de'>alt</rdf:li></rdf:Alt>"
      "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>";
  const auto packet = UpdateSidecarPacket(
      Bytes(old),
      {.description = "new", .date_time_original = {}, .latitude = {}, .longitude = {}, .rating = {}, .tags = {}});
  ASSERT_TRUE(packet);
  EXPECT_NE(packet->find("kept"), std::string::npos);
  EXPECT_NE(packet->find("one"), std::string::npos);
  EXPECT_NE(packet->find("Red"), std::string::npos);
  EXPECT_NE(packet->find("alt"), std::string::npos);
  EXPECT_EQ(packet->find(">old<"), std::string::npos);
  const TagSet tags = Read(*packet);
  EXPECT_EQ(tags.TextOf("Description"), "new");
  EXPECT_EQ(tags.NumberOf("Rating"), 2);
}

TEST(SidecarWriterTest, EmptyValuesAreWritten) {
  const auto first = UpdateSidecarPacket({}, AllChanges());
  ASSERT_TRUE(first);
  SidecarChanges cleared;
  cleared.description = "";
  cleared.rating = 0;
  cleared.tags = std::vector<std::string>{};
  const auto second = UpdateSidecarPacket(Bytes(*first), cleared);
  ASSERT_TRUE(second);
  const TagSet tags = Read(*second);
  EXPECT_EQ(tags.TextOf("Description").value_or(""), "");
  EXPECT_EQ(tags.NumberOf("Rating"), 0);
  EXPECT_TRUE(tags.TextOf("TagsList").value_or("").empty());
  EXPECT_EQ(tags.TextOf("DateTimeOriginal"), "2024-01-02T03:04:05.678+02:00");
}

TEST(SidecarWriterTest, WhatIsNoXmpIsNotOverwritten) {
  const std::string old = "my shopping list";
  const auto packet = UpdateSidecarPacket(Bytes(old), AllChanges());
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().kind, FailureKind::kCorrupt);
}

TEST(SidecarWriterTest, Utf16SidecarsBecomeUtf8) {
  std::string utf16;
  for (const char c :
       std::string("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
                   "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
                   "rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Label='Blue'/></rdf:RDF></x:xmpmeta>")) {
    utf16 += c;
    utf16 += '\0';
  }
  const auto packet = UpdateSidecarPacket(Bytes(utf16), AllChanges());
  ASSERT_TRUE(packet);
  EXPECT_NE(packet->find("Blue"), std::string::npos);
}

}  // namespace
}  // namespace immich::media
