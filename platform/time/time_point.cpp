#include "platform/time/time_point.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace immich {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kMicrosPerDay = kSecondsPerDay * kMicrosPerSecond;
/// The range of a JavaScript Date: 100 million days on either side of 1970, which is also safe in microseconds.
constexpr std::int64_t kMaxDays = 100'000'000;

struct CivilDate {
  std::int64_t year;
  int month;
  int day;
};

constexpr std::int64_t FloorDiv(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// Days since 1970-01-01 of a proleptic Gregorian date (the era arithmetic of Howard Hinnant's date algorithms).
constexpr std::int64_t DaysFromCivil(CivilDate date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = FloorDiv(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

constexpr CivilDate CivilFromDays(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = FloorDiv(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto shifted_month = static_cast<int>((5 * day_of_year + 2) / 153);
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

constexpr int DaysInMonth(std::int64_t year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

/// A broken-down instant.
struct Fields {
  CivilDate date;
  int hour, minute, second, microsecond;
  int weekday;  ///< 0 is Sunday.
};

Fields Split(TimePoint time) {
  const std::int64_t micros = time.time_since_epoch().count();
  const std::int64_t days = FloorDiv(micros, kMicrosPerDay);
  const std::int64_t in_day = (micros % kMicrosPerDay + kMicrosPerDay) % kMicrosPerDay;
  const auto seconds = static_cast<int>(in_day / kMicrosPerSecond);
  return {CivilFromDays(days),
          seconds / 3600,
          seconds / 60 % 60,
          seconds % 60,
          static_cast<int>(in_day % kMicrosPerSecond),
          static_cast<int>(((days + 4) % 7 + 7) % 7)};
}

/// Writes `value` with leading zeros into `width` characters.
char* WriteDigits(char* out, std::int64_t value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + width;
}

char* WriteDate(char* out, CivilDate date) {
  if (date.year < 0 || date.year > 9999) {
    *out++ = date.year < 0 ? '-' : '+';
    out = WriteDigits(out, date.year < 0 ? -date.year : date.year, 6);
  } else {
    out = WriteDigits(out, date.year, 4);
  }
  *out++ = '-';
  out = WriteDigits(out, date.month, 2);
  *out++ = '-';
  return WriteDigits(out, date.day, 2);
}

char* WriteClock(char* out, const Fields& fields) {
  out = WriteDigits(out, fields.hour, 2);
  *out++ = ':';
  out = WriteDigits(out, fields.minute, 2);
  *out++ = ':';
  return WriteDigits(out, fields.second, 2);
}

constexpr std::size_t kMaxTextLength = 40;

/// Consumes a text from the left; every method returns false (or -1) instead of reading past the end.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool AtEnd() const { return text_.empty(); }
  bool Take(char wanted) {
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool Take(std::string_view wanted) {
    if (!text_.starts_with(wanted)) return false;
    text_.remove_prefix(wanted.size());
    return true;
  }
  bool NextIsDigit() const { return !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; }
  /// Exactly `width` digits as a number no larger than `max`; -1 when they are not there.
  int Number(int width, int max) {
    int value = 0;
    for (int i = 0; i < width; ++i) {
      if (!NextIsDigit()) return -1;
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return value <= max ? value : -1;
  }

 private:
  std::string_view text_;
};

std::optional<CivilDate> TakeDate(Cursor& cursor) {
  const bool negative = cursor.Take('-');
  const bool expanded = negative || cursor.Take('+');
  const int digits = expanded ? cursor.Number(6, 999'999) : cursor.Number(4, 9999);
  if (digits < 0 || (negative && digits == 0)) return std::nullopt;
  const std::int64_t year = negative ? -digits : digits;
  if (!cursor.Take('-')) return std::nullopt;
  const int month = cursor.Number(2, 12);
  if (month < 1 || !cursor.Take('-')) return std::nullopt;
  const int day = cursor.Number(2, DaysInMonth(year, month));
  if (day < 1) return std::nullopt;
  return CivilDate{year, month, day};
}

/// Up to nine digits of a second's fraction, cut to microseconds; -1 when malformed.
std::int64_t TakeFraction(Cursor& cursor) {
  std::int64_t micros = 0;
  int digits = 0;
  for (; cursor.NextIsDigit(); ++digits) {
    const int digit = cursor.Number(1, 9);
    if (digits < 6) micros = micros * 10 + digit;
  }
  if (digits < 1 || digits > 9) return -1;
  for (; digits < 6; ++digits) micros *= 10;
  return micros;
}

/// Microseconds since midnight of `HH:MM[:SS[.f]]`; -1 when malformed.
std::int64_t TakeClock(Cursor& cursor) {
  const int hour = cursor.Number(2, 23);
  if (hour < 0 || !cursor.Take(':')) return -1;
  const int minute = cursor.Number(2, 59);
  if (minute < 0) return -1;
  int second = 0;
  std::int64_t micros = 0;
  if (cursor.Take(':')) {
    second = cursor.Number(2, 59);
    if (second < 0) return -1;
    if (cursor.Take('.')) micros = TakeFraction(cursor);
    if (micros < 0) return -1;
  }
  return (hour * 3600 + minute * 60 + second) * kMicrosPerSecond + micros;
}

/// Seconds east of UTC of `Z`, `±HH:MM`, `±HHMM` or `±HH`.
std::optional<int> TakeOffset(Cursor& cursor) {
  if (cursor.Take('Z') || cursor.Take('z')) return 0;
  const bool west = cursor.Take('-');
  if (!west && !cursor.Take('+')) return std::nullopt;
  const int hours = cursor.Number(2, 23);
  if (hours < 0) return std::nullopt;
  int minutes = 0;
  if (cursor.Take(':') || cursor.NextIsDigit()) minutes = cursor.Number(2, 59);
  if (minutes < 0) return std::nullopt;
  return (west ? -1 : 1) * (hours * 3600 + minutes * 60);
}

std::optional<TimePoint> Join(CivilDate date, std::int64_t micros_of_day) {
  const std::int64_t days = DaysFromCivil(date);
  if (days < -kMaxDays || days > kMaxDays) return std::nullopt;
  return TimePoint(std::chrono::microseconds(days * kMicrosPerDay + micros_of_day));
}

constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// 1..12 of an English month abbreviation, 0 when it is none.
int TakeMonthName(Cursor& cursor) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (cursor.Take(kMonths[i])) return static_cast<int>(i) + 1;
  }
  return 0;
}

bool TakeWeekdayName(Cursor& cursor) {
  for (const std::string_view name : kWeekdays) {
    if (cursor.Take(name)) return true;
  }
  return false;
}

}  // namespace

TimePoint Now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string ToIsoString(TimePoint time) {
  std::string text;
  AppendIso(text, time);
  return text;
}

void AppendIso(std::string& out, TimePoint time) {
  const Fields fields = Split(time);
  char text[kMaxTextLength];
  char* end = WriteDate(text, fields.date);
  *end++ = 'T';
  end = WriteClock(end, fields);
  *end++ = '.';
  end = WriteDigits(end, fields.microsecond / 1000, 3);
  *end++ = 'Z';
  out.append(text, end);
}

void AppendIsoWithoutZone(std::string& out, TimePoint time) {
  const Fields fields = Split(time);
  char text[kMaxTextLength];
  char* end = WriteDate(text, fields.date);
  *end++ = 'T';
  end = WriteClock(end, fields);
  if (fields.microsecond != 0) {
    *end++ = '.';
    end = WriteDigits(end, fields.microsecond, 6);
    while (end[-1] == '0') --end;
  }
  out.append(text, end);
}

std::optional<TimePoint> ParseIso(std::string_view text) {
  Cursor cursor(text);
  const auto date = TakeDate(cursor);
  if (!date || (!cursor.Take('T') && !cursor.Take('t'))) return std::nullopt;
  const std::int64_t micros = TakeClock(cursor);
  if (micros < 0) return std::nullopt;
  const auto offset_s = TakeOffset(cursor);
  if (!offset_s || !cursor.AtEnd()) return std::nullopt;
  return Join(*date, micros - *offset_s * kMicrosPerSecond);
}

std::optional<TimePoint> ParseIsoDate(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  Cursor cursor(text);
  const auto date = TakeDate(cursor);
  if (!date || !cursor.AtEnd()) return std::nullopt;
  return Join(*date, 0);
}

std::string ToIsoDate(TimePoint time) {
  char text[kMaxTextLength];
  return {text, WriteDate(text, Split(time).date)};
}

std::string ToHttpDate(TimePoint time) {
  const Fields fields = Split(time);
  char digits[kMaxTextLength];
  std::string text(kWeekdays[static_cast<std::size_t>(fields.weekday)]);
  text.append(", ").append(digits, WriteDigits(digits, fields.date.day, 2));
  text.append(" ").append(kMonths[static_cast<std::size_t>(fields.date.month - 1)]).append(" ");
  text.append(digits, WriteDigits(digits, fields.date.year, 4)).append(" ");
  return text.append(digits, WriteClock(digits, fields)).append(" GMT");
}

std::optional<TimePoint> ParseHttpDate(std::string_view text) {
  // The form has one length; the clock below would also take a fraction or no seconds.
  constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != kForm.size()) return std::nullopt;
  Cursor cursor(text);
  if (!TakeWeekdayName(cursor) || !cursor.Take(", ")) return std::nullopt;
  const int day = cursor.Number(2, 31);
  if (day < 1 || !cursor.Take(' ')) return std::nullopt;
  const int month = TakeMonthName(cursor);
  if (month == 0 || !cursor.Take(' ')) return std::nullopt;
  const int year = cursor.Number(4, 9999);
  if (year < 0 || day > DaysInMonth(year, month) || !cursor.Take(' ')) return std::nullopt;
  const std::int64_t micros = TakeClock(cursor);
  if (micros < 0 || !cursor.Take(" GMT") || !cursor.AtEnd()) return std::nullopt;
  return Join({year, month, day}, micros);
}

std::int64_t UnixMilliseconds(TimePoint time) {
  return FloorDiv(time.time_since_epoch().count(), 1000);
}

TimePoint FromUnixMilliseconds(std::int64_t unix_ms) {
  constexpr std::int64_t kMaxMs = std::numeric_limits<std::int64_t>::max() / 1000;
  return TimePoint(std::chrono::microseconds(std::clamp(unix_ms, -kMaxMs, kMaxMs) * 1000));
}

}  // namespace immich
