#include "media/geo/time_zone.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace immich::media {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

LocalTime Local(int year, unsigned month, unsigned day, int hour, int minute) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return LocalTime(std::chrono::local_days(date).time_since_epoch() + std::chrono::hours(hour) + minutes(minute));
}

// Expected values: the original lookup function run on the same coordinates.
TEST(TimeZoneTest, PlacesMatchTheReference) {
  EXPECT_EQ(TimeZoneAt(48.8534, 2.3488), "Europe/Paris");
  EXPECT_EQ(TimeZoneAt(35.6895, 139.6917), "Asia/Tokyo");
  EXPECT_EQ(TimeZoneAt(47.3769, 8.5417), "Europe/Zurich");
  EXPECT_EQ(TimeZoneAt(-33.8688, 151.2093), "Australia/Sydney");
  EXPECT_EQ(TimeZoneAt(39.115, -108.40097), "America/Denver");
  EXPECT_EQ(TimeZoneAt(0, 0), "Etc/GMT");
  EXPECT_EQ(TimeZoneAt(90, 10), "Etc/GMT");
  EXPECT_EQ(TimeZoneAt(-90, 0), "Antarctica/McMurdo");
  EXPECT_EQ(TimeZoneAt(12.3, -180), "Etc/GMT+12");
  EXPECT_EQ(TimeZoneAt(12.3, 180), "Etc/GMT-12");
}

TEST(TimeZoneTest, CoordinatesOutsideTheWorldHaveNoZone) {
  EXPECT_EQ(TimeZoneAt(91, 0), std::nullopt);
  EXPECT_EQ(TimeZoneAt(0, -180.5), std::nullopt);
  EXPECT_EQ(TimeZoneAt(std::nan(""), 0), std::nullopt);
}

TEST(TimeZoneTest, EveryCoordinateOfAGridHasAZoneWithRules) {
  for (int latitude = -90; latitude <= 90; latitude += 3) {
    for (int longitude = -180; longitude <= 180; longitude += 3) {
      const auto name = TimeZoneAt(latitude + 0.1 * (latitude < 90), longitude);
      ASSERT_TRUE(name) << latitude << "," << longitude;
      ASSERT_TRUE(TimeZone::Find(*name)) << *name;
    }
  }
}

TEST(TimeZoneTest, OffsetsParseInAllTheirForms) {
  EXPECT_EQ(ParseUtcOffset("+02:00"), minutes(120));
  EXPECT_EQ(ParseUtcOffset("-0330"), minutes(-210));
  EXPECT_EQ(ParseUtcOffset(" +5 "), minutes(300));
  EXPECT_EQ(ParseUtcOffset("Z"), minutes(0));
  EXPECT_EQ(ParseUtcOffset("UTC"), minutes(0));
  EXPECT_EQ(ParseUtcOffset("UTC-3:30"), minutes(-210));
  EXPECT_EQ(ParseUtcOffset("UTC+0"), minutes(0));
  for (const char* bad :
       {"", "+", "2", "+25:00", "+14:01", "+02:60", "+02:0", "+02:000", "abc", "UTC2", "Europe/Paris"}) {
    EXPECT_EQ(ParseUtcOffset(bad), std::nullopt) << bad;
  }
}

TEST(TimeZoneTest, FixedZonesAreNamedAsClientsExpect) {
  EXPECT_EQ(TimeZone::Fixed(minutes(120)).name(), "UTC+2");
  EXPECT_EQ(TimeZone::Fixed(minutes(-210)).name(), "UTC-3:30");
  EXPECT_EQ(TimeZone::Fixed(minutes(5)).name(), "UTC+0:05");
  EXPECT_EQ(TimeZone::Utc().name(), "UTC");
  EXPECT_EQ(TimeZone::Find("+05:45")->name(), "UTC+5:45");
}

TEST(TimeZoneTest, DaylightSavingTimeIsKnown) {
  const auto zurich = TimeZone::Find("Europe/Zurich");
  ASSERT_TRUE(zurich);
  EXPECT_EQ(zurich->ToUtc(Local(2024, 1, 15, 12, 0)).time_since_epoch(), Local(2024, 1, 15, 11, 0).time_since_epoch());
  EXPECT_EQ(zurich->ToUtc(Local(2024, 7, 15, 12, 0)).time_since_epoch(), Local(2024, 7, 15, 10, 0).time_since_epoch());
  EXPECT_EQ(zurich->ToLocal(zurich->ToUtc(Local(2024, 7, 15, 12, 0))), Local(2024, 7, 15, 12, 0));
}

TEST(TimeZoneTest, ReadingsInAGapMoveForwardAndDoubleOnesAreTheFirst) {
  const auto zurich = TimeZone::Find("Europe/Zurich");
  ASSERT_TRUE(zurich);
  EXPECT_EQ(zurich->ToLocal(zurich->ToUtc(Local(2024, 3, 31, 2, 30))), Local(2024, 3, 31, 3, 30));
  EXPECT_EQ(zurich->ToUtc(Local(2024, 10, 27, 2, 30)).time_since_epoch(),
            Local(2024, 10, 27, 0, 30).time_since_epoch());
}

TEST(TimeZoneTest, UnknownNamesAreRefused) {
  for (const char* bad : {"", "Nowhere/City", "../etc/passwd", "/etc/passwd", "tzdata.zi"}) {
    EXPECT_FALSE(TimeZone::Find(bad)) << bad;
  }
}

}  // namespace
}  // namespace immich::media
