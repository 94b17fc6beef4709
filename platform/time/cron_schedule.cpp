#include "platform/time/cron_schedule.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <span>
#include <string>
#include <vector>

namespace immich {

namespace {

using std::chrono::seconds;
using std::chrono::sys_days;

constexpr std::array<std::string_view, 12> kMonthNames = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdayNames = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct FieldRule {
  int min = 0, max = 0;
  std::span<const std::string_view> names = {};
};

constexpr FieldRule kSecond{0, 59};
constexpr FieldRule kMinute{0, 59};
constexpr FieldRule kHour{0, 23};
constexpr FieldRule kDay{1, 31};
constexpr FieldRule kMonth{1, 12, kMonthNames};
// 7 is Sunday as well.
constexpr FieldRule kWeekday{0, 7, kWeekdayNames};

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return lower;
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separators, bool keep_empty) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    const std::string_view part = text.substr(0, end);
    if (keep_empty || !part.empty()) parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> ParseNumber(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int> ParseValue(std::string_view text, const FieldRule& rule) {
  const auto name = std::ranges::find(rule.names, text);
  if (name != rule.names.end()) return static_cast<int>(name - rule.names.begin()) + rule.min;
  const auto value = ParseNumber(text);
  if (!value || *value < rule.min || *value > rule.max) return std::nullopt;
  return value;
}

/// One item of a list: `*`, `5`, `1-5`, each with an optional `/step`. A single value with a step reaches to the end.
std::optional<std::uint64_t> ParseItem(std::string_view item, const FieldRule& rule) {
  const std::size_t slash = item.find('/');
  const std::string_view range = item.substr(0, slash);
  int step = 1;
  if (slash != std::string_view::npos) {
    const auto given = ParseNumber(item.substr(slash + 1));
    if (!given || *given < 1) return std::nullopt;
    step = *given;
  }
  std::optional<int> first = rule.min, last = rule.max;
  if (range != "*" && range != "?") {
    const std::size_t dash = range.find('-');
    first = ParseValue(range.substr(0, dash), rule);
    if (dash != std::string_view::npos) {
      last = ParseValue(range.substr(dash + 1), rule);
    } else if (slash == std::string_view::npos) {
      last = first;
    }
  }
  if (!first || !last || *first > *last) return std::nullopt;
  std::uint64_t bits = 0;
  for (int value = *first; value <= *last; value += step) bits |= std::uint64_t{1} << value;
  return bits;
}

std::optional<std::uint64_t> ParseField(std::string_view field, const FieldRule& rule) {
  std::uint64_t bits = 0;
  for (const std::string_view item : Split(field, ",", true)) {
    const auto part = ParseItem(item, rule);
    if (!part) return std::nullopt;
    bits |= *part;
  }
  return bits;
}

std::string_view ExpandPreset(std::string_view expression) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kPresets = {{{"@hourly", "0 * * * *"},
                                                                                      {"@daily", "0 0 * * *"},
                                                                                      {"@weekly", "0 0 * * 0"},
                                                                                      {"@monthly", "0 0 1 * *"},
                                                                                      {"@yearly", "0 0 1 1 *"},
                                                                                      {"@annually", "0 0 1 1 *"}}};
  for (const auto& [name, meaning] : kPresets) {
    if (expression == name) return meaning;
  }
  return expression;
}

/// Seconds since 1970 of what the wall clock shows, as if it were UTC.
std::chrono::sys_seconds WallClock(TimePoint time) {
  const std::time_t instant = std::chrono::floor<seconds>(time).time_since_epoch().count();
  std::tm local{};
  localtime_r(&instant, &local);
  return std::chrono::sys_seconds(seconds(timegm(&local)));
}

TimePoint FromWallClock(std::chrono::sys_seconds wall_clock) {
  const std::time_t seconds_since_epoch = wall_clock.time_since_epoch().count();
  std::tm fields{};
  gmtime_r(&seconds_since_epoch, &fields);
  fields.tm_isdst = -1;
  return TimePoint(seconds(mktime(&fields)));
}

bool Has(std::uint64_t bits, std::int64_t value) {
  return (bits >> value & 1) != 0;
}

}  // namespace

std::optional<CronSchedule> CronSchedule::Parse(std::string_view expression) {
  const std::string lower = Lower(expression);
  std::vector<std::string_view> fields = Split(ExpandPreset(lower), " \t", false);
  CronSchedule schedule;
  if (fields.size() == 6) {
    const auto bits = ParseField(fields.front(), kSecond);
    if (!bits) return std::nullopt;
    schedule.seconds_ = *bits;
    fields.erase(fields.begin());
  }
  if (fields.size() != 5) return std::nullopt;
  const auto minutes = ParseField(fields[0], kMinute), hours = ParseField(fields[1], kHour);
  const auto days = ParseField(fields[2], kDay), months = ParseField(fields[3], kMonth);
  const auto weekdays = ParseField(fields[4], kWeekday);
  if (!minutes || !hours || !days || !months || !weekdays) return std::nullopt;
  schedule.minutes_ = *minutes;
  schedule.hours_ = *hours;
  schedule.days_ = *days;
  schedule.months_ = *months;
  schedule.weekdays_ = *weekdays | (*weekdays >> 7 & 1);
  schedule.any_day_ = fields[2] == "*" || fields[2] == "?";
  schedule.any_weekday_ = fields[4] == "*" || fields[4] == "?";
  return schedule;
}

std::optional<CronSchedule> CronSchedule::DailyAt(std::string_view clock) {
  if (clock.size() != 5 || clock[2] != ':') return std::nullopt;
  return Parse(std::string(clock.substr(3)) + " " + std::string(clock.substr(0, 2)) + " * * *");
}

bool CronSchedule::IncludesDay(sys_days day) const {
  const std::chrono::year_month_day date(day);
  if (!Has(months_, static_cast<unsigned>(date.month()))) return false;
  const bool by_day = Has(days_, static_cast<unsigned>(date.day()));
  const bool by_weekday = Has(weekdays_, std::chrono::weekday(day).c_encoding());
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<seconds> CronSchedule::NextTimeOfDay(seconds from) const {
  const std::int64_t first = from.count();
  for (std::int64_t hour = first / 3600; hour < 24; ++hour) {
    if (!Has(hours_, hour)) continue;
    for (std::int64_t minute = 0; minute < 60; ++minute) {
      const std::int64_t base = hour * 3600 + minute * 60;
      if (!Has(minutes_, minute) || base + 59 < first) continue;
      for (std::int64_t second = std::max<std::int64_t>(first - base, 0); second < 60; ++second) {
        if (Has(seconds_, second)) return seconds(base + second);
      }
    }
  }
  return std::nullopt;
}

std::optional<TimePoint> CronSchedule::NextAfter(TimePoint after) const {
  constexpr std::chrono::days kHorizon{8 * 366};  // 29 February can be eight years away
  const std::chrono::sys_seconds start = WallClock(after) + seconds(1);
  const sys_days start_day = std::chrono::floor<std::chrono::days>(start);
  for (sys_days day = start_day; day <= start_day + kHorizon; day += std::chrono::days(1)) {
    if (!IncludesDay(day)) continue;
    auto time_of_day = NextTimeOfDay(day == start_day ? start - start_day : seconds(0));
    while (time_of_day) {
      const TimePoint found = FromWallClock(day + *time_of_day);
      if (found > after) return found;
      time_of_day = NextTimeOfDay(*time_of_day + seconds(1));
    }
  }
  return std::nullopt;
}

}  // namespace immich
