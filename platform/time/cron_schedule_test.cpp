#include "platform/time/cron_schedule.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <string>

namespace immich {
namespace {

/// Runs tests in a time zone of their choice.
class CronScheduleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const char* zone = std::getenv("TZ")) zone_before_ = zone;
    UseZone("UTC");
  }
  void TearDown() override {
    zone_before_.empty() ? unsetenv("TZ") : setenv("TZ", zone_before_.c_str(), 1);
    tzset();
  }
  static void UseZone(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
  }
  static std::string Next(std::string_view expression, std::string_view after) {
    const auto schedule = CronSchedule::Parse(expression);
    if (!schedule) return "invalid";
    const auto next = schedule->NextAfter(ParseIso(after).value());
    return next ? ToIsoString(*next) : "never";
  }

 private:
  std::string zone_before_;
};

TEST_F(CronScheduleTest, FindsTheNextTimeOfTheDefaults) {
  EXPECT_EQ(Next("0 0 * * *", "2024-03-01T12:00:00Z"), "2024-03-02T00:00:00.000Z");
  EXPECT_EQ(Next("0 02 * * *", "2024-03-01T01:59:59.999Z"), "2024-03-01T02:00:00.000Z");
  EXPECT_EQ(Next("0 02 * * *", "2024-03-01T02:00:00Z"), "2024-03-02T02:00:00.000Z");
  EXPECT_EQ(Next("*/15 * * * *", "2024-03-01T23:46:00Z"), "2024-03-02T00:00:00.000Z");
}

TEST_F(CronScheduleTest, UnderstandsListsRangesStepsAndNames) {
  EXPECT_EQ(Next("5,35 8-10/2 * * *", "2024-03-01T08:06:00Z"), "2024-03-01T08:35:00.000Z");
  EXPECT_EQ(Next("5,35 8-10/2 * * *", "2024-03-01T08:35:00Z"), "2024-03-01T10:05:00.000Z");
  EXPECT_EQ(Next("0 0 * * MON-FRI", "2024-03-02T00:00:00Z"), "2024-03-04T00:00:00.000Z");
  EXPECT_EQ(Next("0 0 1 JAN *", "2024-03-02T00:00:00Z"), "2025-01-01T00:00:00.000Z");
  EXPECT_EQ(Next("0 20/2 * * *", "2024-03-02T20:30:00Z"), "2024-03-02T22:00:00.000Z");
  EXPECT_EQ(Next("30 10 0 * * *", "2024-03-02T00:00:00Z"), "2024-03-02T00:10:30.000Z");
  EXPECT_EQ(Next("@weekly", "2024-03-02T00:00:00Z"), "2024-03-03T00:00:00.000Z");
}

TEST_F(CronScheduleTest, SundayIsZeroAndSeven) {
  EXPECT_EQ(Next("0 0 * * 0", "2024-03-01T00:00:00Z"), "2024-03-03T00:00:00.000Z");
  EXPECT_EQ(Next("0 0 * * 7", "2024-03-01T00:00:00Z"), "2024-03-03T00:00:00.000Z");
  EXPECT_EQ(Next("0 0 * * 5-7", "2024-03-02T12:00:00Z"), "2024-03-03T00:00:00.000Z");
}

TEST_F(CronScheduleTest, TwoRestrictedDayFieldsCountEither) {
  EXPECT_EQ(Next("0 0 13 * FRI", "2024-03-09T00:00:00Z"), "2024-03-13T00:00:00.000Z");
  EXPECT_EQ(Next("0 0 13 * FRI", "2024-03-13T00:00:00Z"), "2024-03-15T00:00:00.000Z");
}

TEST_F(CronScheduleTest, KnowsTheCalendar) {
  EXPECT_EQ(Next("0 0 31 * *", "2024-04-01T00:00:00Z"), "2024-05-31T00:00:00.000Z");
  EXPECT_EQ(Next("0 0 29 2 *", "2096-03-01T00:00:00Z"), "2104-02-29T00:00:00.000Z");
  EXPECT_EQ(Next("0 0 30 2 *", "2024-01-01T00:00:00Z"), "never");
}

TEST_F(CronScheduleTest, FollowsTheWallClock) {
  UseZone("Europe/Berlin");
  EXPECT_EQ(Next("0 0 * * *", "2024-07-01T12:00:00Z"), "2024-07-01T22:00:00.000Z");
  EXPECT_EQ(Next("0 0 * * *", "2024-01-01T12:00:00Z"), "2024-01-01T23:00:00.000Z");
}

TEST_F(CronScheduleTest, ATimeThatDoesNotExistComesOnceAllTheSame) {
  UseZone("Europe/Berlin");  // 31 March 2024: 02:00 became 03:00, which is 01:00 UTC
  const auto schedule = CronSchedule::Parse("30 2 * * *").value();
  const TimePoint first = schedule.NextAfter(ParseIso("2024-03-30T12:00:00Z").value()).value();
  EXPECT_GE(first, ParseIso("2024-03-31T00:30:00Z").value());
  EXPECT_LE(first, ParseIso("2024-03-31T01:30:00Z").value());
  EXPECT_EQ(ToIsoString(schedule.NextAfter(first).value()), "2024-04-01T00:30:00.000Z");
}

TEST_F(CronScheduleTest, ARepeatedHourCountsOnce) {
  UseZone("Europe/Berlin");  // 27 October 2024: 03:00 became 02:00, which is 01:00 UTC
  const auto schedule = CronSchedule::Parse("30 2 * * *").value();
  const TimePoint first = schedule.NextAfter(ParseIso("2024-10-26T12:00:00Z").value()).value();
  EXPECT_EQ(ToIsoString(schedule.NextAfter(first).value()), "2024-10-28T01:30:00.000Z");
}

TEST_F(CronScheduleTest, RefusesWhatItDoesNotUnderstand) {
  for (const std::string_view expression :
       {"", "* * * *", "* * * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *",
        "* * * * 8", "5-1 * * * *", "*/0 * * * *", "1,,2 * * * *", "a * * * *", "1- * * * *", "-1 * * * *",
        "* * * FOO *", "@never", "1/ * * * *", "0 0 L * *"}) {
    EXPECT_FALSE(CronSchedule::Parse(expression).has_value()) << expression;
  }
}

TEST_F(CronScheduleTest, DailyAtTakesAClockTime) {
  const TimePoint noon = ParseIso("2024-03-01T12:00:00Z").value();
  EXPECT_EQ(ToIsoString(CronSchedule::DailyAt("23:05").value().NextAfter(noon).value()), "2024-03-01T23:05:00.000Z");
  EXPECT_FALSE(CronSchedule::DailyAt("24:00").has_value());
  EXPECT_FALSE(CronSchedule::DailyAt("1:00").has_value());
}

}  // namespace
}  // namespace immich
