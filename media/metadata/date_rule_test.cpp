#include "media/metadata/date_rule.hpp"

#include <gtest/gtest.h>

namespace immich::media {
namespace {

TimePoint Utc(const char* iso) {
  return *ParseIso(iso);
}

std::string Local(const MediaMetadata& metadata) {
  return ToIsoString(TimePoint(metadata.local_date_time.time_since_epoch()));
}

MediaMetadata Decide(const TagSet& media, const std::optional<TagSet>& sidecar = {}) {
  MediaMetadata out;
  const FileFacts file{.size_bytes = 1, .modified = Utc("2023-05-05T05:05:05Z"), .born = Utc("2023-06-06T00:00:00Z")};
  DecideDates(media, sidecar, file, Utc("2023-05-06T00:00:00Z"), out);
  return out;
}

TagSet With(std::initializer_list<std::pair<const char*, const char*>> texts) {
  TagSet tags;
  for (const auto& [name, text] : texts) tags.AddText(name, text);
  return tags;
}

TEST(DateRuleTest, WallTimeWithoutZoneIsTakenAsUtc) {
  const auto out = Decide(With({{"DateTimeOriginal", "2024:07:01 12:00:00"}}));
  EXPECT_EQ(out.date_time_original, Utc("2024-07-01T12:00:00Z"));
  EXPECT_EQ(Local(out), "2024-07-01T12:00:00.000Z");
  EXPECT_EQ(out.time_zone, std::nullopt);
  EXPECT_TRUE(out.has_capture_date);
}

TEST(DateRuleTest, ZoneOfTheFileGivesTheInstant) {
  TagSet tags = With({{"DateTimeOriginal", "2024:07:01 12:00:00"}});
  tags.AddNumber("GPSLatitude", 47.37);
  tags.AddNumber("GPSLongitude", 8.54);
  const auto out = Decide(tags);
  EXPECT_EQ(out.date_time_original, Utc("2024-07-01T10:00:00Z"));
  EXPECT_EQ(Local(out), "2024-07-01T12:00:00.000Z");
  EXPECT_EQ(out.time_zone, "Europe/Zurich");
}

TEST(DateRuleTest, PriorityListDecidesNotTheOrderOfTags) {
  const auto out = Decide(With({{"GPSDateTime", "2020:01:01 00:00:00Z"},
                                {"CreateDate", "2021:01:01 00:00:00"},
                                {"SubSecCreateDate", "2022:01:01 00:00:00.5"},
                                {"DateTimeOriginal", "2023:01:01 00:00:00"}}));
  EXPECT_EQ(Local(out), "2022-01-01T00:00:00.500Z");
}

TEST(DateRuleTest, BareDatesAreSkipped) {
  const auto out = Decide(With({{"DateTimeOriginal", "2024:07:01"}, {"DateTimeCreated", "2019:02:03 04:05:06"}}));
  EXPECT_EQ(Local(out), "2019-02-03T04:05:06.000Z");
}

TEST(DateRuleTest, AZeroOffsetInTheTextIsNamed) {
  EXPECT_EQ(Decide(With({{"DateTimeOriginal", "2024:07:01 12:00:00Z"}})).time_zone, "UTC+0");
  EXPECT_EQ(Decide(With({{"DateTimeOriginal", "2024:07:01 12:00:00+00:00"}})).time_zone, "UTC+0");
}

TEST(DateRuleTest, AnOffsetInTheTextIsTheInstantWhateverTheZone) {
  TagSet tags = With({{"DateTimeOriginal", "2024:07:01 12:00:00+02:00"}, {"OffsetTimeOriginal", "-07:00"}});
  const auto out = Decide(tags);
  EXPECT_EQ(out.date_time_original, Utc("2024-07-01T10:00:00Z"));
  EXPECT_EQ(Local(out), "2024-07-01T03:00:00.000Z");
  EXPECT_EQ(out.time_zone, "UTC-7");
}

TEST(DateRuleTest, VideoTimesAreUtcEvenWithAPosition) {
  TagSet tags = With({{"CreateDate", "2024:07:01 10:00:00"}});
  tags.is_video = true;
  tags.AddNumber("GPSLatitude", 47.37);
  tags.AddNumber("GPSLongitude", 8.54);
  const auto out = Decide(tags);
  EXPECT_EQ(out.date_time_original, Utc("2024-07-01T10:00:00Z"));
  EXPECT_EQ(Local(out), "2024-07-01T12:00:00.000Z");
  EXPECT_EQ(out.time_zone, "Europe/Zurich");
}

TEST(DateRuleTest, ASidecarDateDropsAllDatesAndTheZoneOfTheFile) {
  const TagSet media = With({{"SubSecDateTimeOriginal", "2024:07:01 12:00:00.1"}, {"OffsetTimeOriginal", "+09:00"}});
  const auto out = Decide(media, With({{"CreateDate", "2010-01-01T08:00:00"}}));
  EXPECT_EQ(Local(out), "2010-01-01T08:00:00.000Z");
  EXPECT_EQ(out.time_zone, std::nullopt);
}

TEST(DateRuleTest, ASidecarWithoutDateChangesNothing) {
  const TagSet media = With({{"DateTimeOriginal", "2024:07:01 12:00:00"}, {"OffsetTimeOriginal", "+09:00"}});
  const auto out = Decide(media, With({{"Description", "x"}}));
  EXPECT_EQ(out.time_zone, "UTC+9");
  EXPECT_EQ(out.date_time_original, Utc("2024-07-01T03:00:00Z"));
}

TEST(DateRuleTest, WithoutDatesTheEarliestFileTimeCounts) {
  const auto out = Decide(TagSet());
  EXPECT_FALSE(out.has_capture_date);
  EXPECT_EQ(out.date_time_original, Utc("2023-05-05T05:05:05Z"));
  EXPECT_EQ(Local(out), "2023-05-05T05:05:05.000Z");
  EXPECT_EQ(out.modify_date, Utc("2023-05-05T05:05:05Z"));
}

}  // namespace
}  // namespace immich::media
