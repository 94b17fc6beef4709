#include "media/metadata/zone_rule.hpp"

#include <gtest/gtest.h>

namespace immich::media {
namespace {

std::string ZoneName(const TagSet& tags) {
  const auto zone = InferTimeZone(tags);
  return zone ? zone->name() : "none";
}

TagSet Shot(const char* local) {
  TagSet tags;
  tags.AddText("DateTimeOriginal", local);
  return tags;
}

TEST(ZoneRuleTest, OffsetTagsGoFirst) {
  TagSet tags = Shot("2024:07:01 12:00:00");
  tags.AddNumber("GPSLatitude", 35.69);
  tags.AddNumber("GPSLongitude", 139.69);
  EXPECT_EQ(ZoneName(tags), "Asia/Tokyo");
  tags.AddText("OffsetTimeOriginal", "+02:00");
  EXPECT_EQ(ZoneName(tags), "UTC+2");
  tags.AddText("TimeZone", "-03:30");
  EXPECT_EQ(ZoneName(tags), "UTC-3:30");
}

TEST(ZoneRuleTest, TimeZoneOffsetCountsHours) {
  TagSet tags = Shot("2024:07:01 12:00:00");
  tags.AddNumber("TimeZoneOffset", -5);
  EXPECT_EQ(ZoneName(tags), "UTC-5");
}

TEST(ZoneRuleTest, UnusableOffsetTagsAreSkipped) {
  TagSet tags = Shot("2024:07:01 12:00:00");
  tags.AddText("OffsetTimeOriginal", "   :  ");
  tags.AddNumber("TimeZoneOffset", 99);
  EXPECT_EQ(ZoneName(tags), "none");
}

TEST(ZoneRuleTest, TheNullIslandIsNoPosition) {
  TagSet tags = Shot("2024:07:01 12:00:00");
  tags.AddNumber("GPSLatitude", 0);
  tags.AddNumber("GPSLongitude", 0);
  EXPECT_EQ(ZoneName(tags), "none");
  EXPECT_FALSE(GpsPositionOf(tags));
}

TEST(ZoneRuleTest, DifferenceToGpsTimeSnapsToOffsetsInUse) {
  TagSet tags = Shot("2024:07:01 17:33:10");
  tags.AddText("GPSDateTime", "2024:07:01 12:00:00Z");
  EXPECT_EQ(ZoneName(tags), "UTC+5:30");
  TagSet west = Shot("2024:06:30 20:04:00");
  west.AddText("GPSDateTime", "2024:07:01 03:00:00Z");
  EXPECT_EQ(ZoneName(west), "UTC-7");
  TagSet stale = Shot("2024:07:01 12:00:00");
  stale.AddText("GPSDateTime", "2024:06:20 12:00:00Z");
  EXPECT_EQ(ZoneName(stale), "none");
}

TEST(ZoneRuleTest, AnOffsetInsideADateIsTheLastResort) {
  EXPECT_EQ(ZoneName(Shot("2024:07:01 12:00:00-04:00")), "UTC-4");
  EXPECT_EQ(ZoneName(Shot("2024:07:01 12:00:00Z")), "none");
}

TEST(ZoneRuleTest, VideosWithoutAnyZoneAreUtc) {
  TagSet tags;
  tags.is_video = true;
  tags.AddText("CreateDate", "2024:07:01 12:00:00");
  EXPECT_EQ(ZoneName(tags), "UTC");
  tags.AddText("CreationDate", "2024:07:01 14:00:00+02:00");
  EXPECT_EQ(ZoneName(tags), "UTC+2");
}

}  // namespace
}  // namespace immich::media
