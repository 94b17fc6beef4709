#include "media/metadata/exif_date.hpp"

#include <cstdint>

namespace immich::media {
namespace {

/// Takes pieces off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool Skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly `count` digits.
  bool Number(size_t count, int& value) {
    if (rest_.size() < count) return false;
    value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

  /// Digits behind a decimal point as microseconds.
  int64_t Fraction() {
    int64_t micros = 0;
    int64_t weight = 100'000;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      micros += (rest_.front() - '0') * weight;
      weight /= 10;
      rest_.remove_prefix(1);
    }
    return micros;
  }

 private:
  std::string_view rest_;
};

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank(" \t\r\n\0", 5);
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<std::chrono::local_days> ScanDate(Scanner& scanner) {
  constexpr std::string_view kSeparators = ":-/";
  int year = 0;
  int month = 0;
  int day = 0;
  if (!scanner.Number(4, year) || !scanner.Skip(kSeparators) || !scanner.Number(2, month) ||
      !scanner.Skip(kSeparators) || !scanner.Number(2, day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year == 0 || !date.ok()) return std::nullopt;
  return std::chrono::local_days(date);
}

std::optional<std::chrono::microseconds> ScanTime(Scanner& scanner) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!scanner.Number(2, hour) || !scanner.Skip(":") || !scanner.Number(2, minute)) return std::nullopt;
  if (scanner.Skip(":") && !scanner.Number(2, second)) return std::nullopt;
  // 60 is a leap second: it becomes the first second of the next minute.
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  int64_t micros = 0;
  if (scanner.Skip(".,")) micros = scanner.Fraction();
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
         std::chrono::microseconds(micros);
}

/// "20190321" -> "2019:03:21", "110422" -> "11:04:22"; other texts as they are.
std::string WithSeparators(std::string_view digits, size_t first_group) {
  const size_t end = digits.find_first_not_of("0123456789");
  const size_t count = end == std::string_view::npos ? digits.size() : end;
  if (count != first_group + 4) return std::string(digits);
  std::string out(digits.substr(0, first_group));
  out.append(":").append(digits.substr(first_group, 2)).append(":").append(digits.substr(first_group + 2));
  return out;
}

}  // namespace

std::optional<ExifDate> ParseExifDate(std::string_view text) {
  text = Trim(text);
  Scanner scanner(text);
  const auto date = ScanDate(scanner);
  if (!date || !scanner.Skip(" T")) return std::nullopt;
  while (scanner.Skip(" ")) {
  }
  const auto time = ScanTime(scanner);
  if (!time) return std::nullopt;
  ExifDate out{.local = LocalTime(date->time_since_epoch() + *time), .offset = {}, .raw = std::string(text)};
  const std::string_view zone = Trim(scanner.rest());
  if (zone.empty()) return out;
  out.offset = ParseUtcOffset(zone);
  if (!out.offset) return std::nullopt;
  return out;
}

std::string JoinDateAndTime(std::string_view date, std::string_view time) {
  return WithSeparators(Trim(date), 4) + " " + WithSeparators(Trim(time), 2);
}

}  // namespace immich::media
