#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "platform/time/time_point.hpp"

namespace immich {

/// Points in time given by a cron expression: minute, hour, day of month, month, day of week, with an optional field
/// for seconds in front. Fields hold `*`, `?`, numbers, ranges, steps, lists and English names (`MON-FRI`, `JAN`);
/// `@hourly`,
/// `@daily`, `@weekly`, `@monthly` and `@yearly` are understood too. When both day fields are restricted, either
/// counts. Times are those of the machine's wall clock (TZ). Where summer time begins, a time that does not exist moves
/// by the hour; where it ends, the repeated hour counts once.
class CronSchedule {
 public:
  /// nullopt for anything else.
  static std::optional<CronSchedule> Parse(std::string_view expression);
  /// Every day at `clock`, `HH:MM`; nullopt when that is no time of day.
  static std::optional<CronSchedule> DailyAt(std::string_view clock);

  /// The first time later than `after`; nullopt when there is none within eight years (30 February).
  std::optional<TimePoint> NextAfter(TimePoint after) const;

 private:
  CronSchedule() = default;
  bool IncludesDay(std::chrono::sys_days day) const;
  std::optional<std::chrono::seconds> NextTimeOfDay(std::chrono::seconds from) const;

  /// Bit n set: the value n counts.
  std::uint64_t seconds_ = 1, minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
  bool any_day_ = false, any_weekday_ = false;
};

}  // namespace immich
