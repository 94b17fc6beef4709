#include "platform/time/time_point.hpp"

#include <gtest/gtest.h>

#include <random>

namespace immich {
namespace {

using std::chrono::microseconds;

TimePoint At(std::int64_t micros) {
  return TimePoint(microseconds(micros));
}

TEST(TimePointTest, PrintsLikeJavaScript) {
  EXPECT_EQ(ToIsoString(At(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(ToIsoString(At(1704164645678999)), "2024-01-02T03:04:05.678Z");
  EXPECT_EQ(ToIsoString(At(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(ToIsoString(FromUnixMilliseconds(951782400000)), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(ToIsoString(FromUnixMilliseconds(-62167219200000)), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(ToIsoString(FromUnixMilliseconds(-62198755200000)), "-000001-01-01T00:00:00.000Z");
  EXPECT_EQ(ToIsoString(FromUnixMilliseconds(253402300800000)), "+010000-01-01T00:00:00.000Z");
  EXPECT_EQ(ToIsoString(FromUnixMilliseconds(8640000000000000)), "+275760-09-13T00:00:00.000Z");
}

TEST(TimePointTest, ExtremesDoNotOverflow) {
  EXPECT_EQ(ToIsoString(TimePoint::max()), "+294247-01-10T04:00:54.775Z");
  EXPECT_EQ(ToIsoString(TimePoint::min()).substr(0, 8), "-290308-");
}

TEST(TimePointTest, PrintsWithoutZoneLikePostgres) {
  std::string text;
  AppendIsoWithoutZone(text, *ParseIso("2024-01-01T10:00:00Z"));
  EXPECT_EQ(text, "2024-01-01T10:00:00");
  text.clear();
  AppendIsoWithoutZone(text, *ParseIso("2024-01-01T10:00:00.120400Z"));
  EXPECT_EQ(text, "2024-01-01T10:00:00.1204");
}

TEST(TimePointTest, ParsesOffsetsAndFractions) {
  EXPECT_EQ(ParseIso("2024-01-02T03:04:05Z"), At(1704164645000000));
  EXPECT_EQ(ParseIso("2024-01-02T03:04:05.1Z"), At(1704164645100000));
  EXPECT_EQ(ParseIso("2024-01-02T03:04:05.123456789Z"), At(1704164645123456));
  EXPECT_EQ(ParseIso("2024-01-02T05:04:05+02:00"), At(1704164645000000));
  EXPECT_EQ(ParseIso("2024-01-01T21:34:05-0530"), At(1704164645000000));
  EXPECT_EQ(ParseIso("2024-01-02T04:04:05+01"), At(1704164645000000));
  EXPECT_EQ(ParseIso("2024-01-02T03:04Z"), At(1704164640000000));
}

TEST(TimePointTest, RefusesWhatIsNotADateTime) {
  for (const std::string_view bad : {"",
                                     "2024",
                                     "2024-01-02",
                                     "2024-01-02T03:04:05",
                                     "2024-13-02T03:04:05Z",
                                     "2024-02-30T03:04:05Z",
                                     "2023-02-29T00:00:00Z",
                                     "2024-00-02T03:04:05Z",
                                     "2024-01-00T03:04:05Z",
                                     "2024-01-02T24:00:00Z",
                                     "2024-01-02T03:60:05Z",
                                     "2024-01-02T03:04:60Z",
                                     "2024-01-02 03:04:05Z",
                                     "2024-01-02T03:04:05.Z",
                                     "2024-01-02T03:04:05.1234567890Z",
                                     "2024-01-02T03:04:05Zx",
                                     "2024-01-02T03:04:05+24:00",
                                     "2024-01-02T03:04:05+02:60",
                                     "2024-01-02T03:04:05+2",
                                     "-000000-01-02T03:04:05Z",
                                     "+2024-01-02T03:04:05Z",
                                     "+999999-01-02T03:04:05Z",
                                     "-999999-12-31T00:00:00Z",
                                     "２０２４-01-02T03:04:05Z"}) {
    EXPECT_FALSE(ParseIso(bad)) << bad;
  }
}

TEST(TimePointTest, Dates) {
  EXPECT_EQ(ParseIsoDate("2024-02-29"), ParseIso("2024-02-29T00:00:00Z"));
  EXPECT_FALSE(ParseIsoDate("2023-02-29"));
  EXPECT_FALSE(ParseIsoDate("2024-2-29"));
  EXPECT_FALSE(ParseIsoDate("2024-02-29T"));
  EXPECT_EQ(ToIsoDate(At(-1)), "1969-12-31");
}

TEST(TimePointTest, HttpDates) {
  const std::string_view text = "Sun, 06 Nov 1994 08:49:37 GMT";
  EXPECT_EQ(ParseHttpDate(text), At(784111777000000));
  EXPECT_EQ(ToHttpDate(At(784111777999999)), text);
  for (const std::string_view bad :
       {"", "Sun", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37", "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov 1994 08:49:37.5 GMT",
        "Sun, 06 Nov 1994 08:49 GMT"}) {
    EXPECT_FALSE(ParseHttpDate(bad)) << bad;
  }
}

TEST(TimePointTest, Milliseconds) {
  EXPECT_EQ(UnixMilliseconds(At(-1)), -1);
  EXPECT_EQ(UnixMilliseconds(At(1999)), 1);
  EXPECT_EQ(FromUnixMilliseconds(-5), At(-5000));
  EXPECT_EQ(UnixMilliseconds(FromUnixMilliseconds(INT64_MAX)), INT64_MAX / 1000);
  EXPECT_EQ(UnixMilliseconds(FromUnixMilliseconds(INT64_MIN)), -(INT64_MAX / 1000));
}

/// What is printed parses back to the same millisecond, over the whole range of a JavaScript date.
TEST(TimePointTest, PrintedTimesParseBack) {
  std::mt19937_64 random(20240102);
  std::uniform_int_distribution<std::int64_t> any_ms(-8640000000000000 + 1, 8640000000000000);
  std::uniform_int_distribution<std::int64_t> near_ms(-2208988800000, 4102444800000);
  for (int i = 0; i < 20000; ++i) {
    const TimePoint time = FromUnixMilliseconds(i % 2 == 0 ? any_ms(random) : near_ms(random));
    ASSERT_EQ(ParseIso(ToIsoString(time)), time) << ToIsoString(time);
    ASSERT_EQ(ParseIsoDate(ToIsoDate(time)).has_value(), ToIsoDate(time).size() == 10) << ToIsoDate(time);
    const TimePoint second = std::chrono::floor<std::chrono::seconds>(time);
    if (ToIsoDate(time).size() == 10) ASSERT_EQ(ParseHttpDate(ToHttpDate(second)), second) << ToHttpDate(second);
  }
}

/// Days count up one by one and agree with the calendar of the standard library.
TEST(TimePointTest, AgreesWithTheStandardCalendar) {
  namespace chrono = std::chrono;
  for (auto day = chrono::sys_days(chrono::year(1850) / 1 / 1); day < chrono::sys_days(chrono::year(2150) / 1 / 1);
       day += chrono::days(1)) {
    const chrono::year_month_day date(day);
    const std::string text = ToIsoDate(TimePoint(day));
    ASSERT_EQ(std::stoi(text.substr(0, 4)), static_cast<int>(date.year()));
    ASSERT_EQ(std::stoul(text.substr(5, 2)), static_cast<unsigned>(date.month()));
    ASSERT_EQ(std::stoul(text.substr(8, 2)), static_cast<unsigned>(date.day()));
    ASSERT_EQ(ParseIsoDate(text), TimePoint(day));
  }
}

}  // namespace
}  // namespace immich
