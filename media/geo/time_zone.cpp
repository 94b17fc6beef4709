#include "media/geo/time_zone.hpp"

#include <date/tz.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <exception>

namespace immich::media {
namespace {

#include "media/geo/time_zone_table.inc"

using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kMaxOffset{14 * 60};
/// Node numbers are two base-56 digits that start at '#'; leaves count down from the last number.
constexpr int kBase = 56;
constexpr int kDigitBias = 35 * kBase + 35;
constexpr int kNodeNumbers = kBase * kBase;
constexpr int kZoneCount = std::size(kZones);
constexpr int kRootColumns = 48;
constexpr int kRootRows = 24;
constexpr int kRootBytes = kRootColumns * kRootRows * 2;
constexpr int kNodeBytes = 8;

int NodeAt(int offset) {
  const auto digit = [](int at) {
    return static_cast<int>(static_cast<unsigned char>(kTree[static_cast<size_t>(at)]));
  };
  return kBase * digit(offset) + digit(offset + 1) - kDigitBias;
}

/// Index of the zone at a leaf, negative for inner nodes.
int ZoneIndex(int node) {
  return node + kZoneCount - kNodeNumbers;
}

/// One halving of the square: returns the half `position` is in and makes it relative to that half.
int Descend(double& position, int cell) {
  position = std::fmod(2 * (position - cell), 2);
  return static_cast<int>(position);
}

const date::time_zone* LocateZone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

bool TakeDigits(std::string_view& text, size_t most, int& value) {
  size_t count = 0;
  value = 0;
  while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9') {
    value = value * 10 + (text[count++] - '0');
  }
  text.remove_prefix(count);
  return count > 0;
}

std::string FixedName(minutes offset) {
  if (offset.count() == 0) return "UTC";
  const int total = std::abs(static_cast<int>(offset.count()));
  std::string name = offset.count() < 0 ? "UTC-" : "UTC+";
  name += std::to_string(total / 60);
  if (total % 60 != 0) name += (total % 60 < 10 ? ":0" : ":") + std::to_string(total % 60);
  return name;
}

date::sys_time<std::chrono::microseconds> ToDate(TimePoint instant) {
  return date::sys_time<std::chrono::microseconds>(instant.time_since_epoch());
}

}  // namespace

std::optional<std::string_view> TimeZoneAt(double latitude, double longitude) {
  if (!(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180)) return std::nullopt;
  if (latitude >= 90) return "Etc/GMT";
  // The divisors are a little over 360 and 180, so that the last degree stays in the last cell.
  double x = kRootColumns * (180 + longitude) / 360.00000000000006;
  double y = kRootRows * (90 - latitude) / 180.00000000000003;
  int column = static_cast<int>(x);
  int row = static_cast<int>(y);
  int node = NodeAt(2 * kRootColumns * row + 2 * column);
  int block = -1;
  while (ZoneIndex(node) < 0) {
    block += node + 1;
    row = Descend(y, row);
    column = Descend(x, column);
    const int offset = kRootBytes + kNodeBytes * block + 4 * row + 2 * column;
    if (offset + 1 >= static_cast<int>(kTree.size())) return std::nullopt;
    node = NodeAt(offset);
  }
  return kZones[ZoneIndex(node)];
}

std::optional<minutes> ParseUtcOffset(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text == "Z") return minutes(0);
  if (text.starts_with("UTC") || text.starts_with("GMT")) {
    text.remove_prefix(3);
    if (text.empty()) return minutes(0);
  }
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  int hours = 0;
  int rest = 0;
  if (!TakeDigits(text, 2, hours)) return std::nullopt;
  if (!text.empty()) {
    if (text.front() == ':') text.remove_prefix(1);
    if (text.size() != 2 || !TakeDigits(text, 2, rest) || !text.empty() || rest > 59) return std::nullopt;
  }
  const minutes offset = std::chrono::hours(hours) + minutes(rest);
  if (offset > kMaxOffset) return std::nullopt;
  return negative ? -offset : offset;
}

TimeZone TimeZone::Fixed(minutes offset) {
  return {FixedName(offset), offset};
}

std::optional<TimeZone> TimeZone::Find(std::string_view name) {
  if (const auto offset = ParseUtcOffset(name)) return Fixed(*offset);
  std::string text(name);
  if (text.empty() || LocateZone(text) == nullptr) return std::nullopt;
  return TimeZone(std::move(text), std::nullopt);
}

seconds TimeZone::OffsetAt(TimePoint instant) const {
  if (fixed_) return *fixed_;
  const date::time_zone* zone = LocateZone(name_);
  if (zone == nullptr) return seconds(0);
  return zone->get_info(ToDate(instant)).offset;
}

LocalTime TimeZone::ToLocal(TimePoint instant) const {
  return LocalTime(instant.time_since_epoch() + OffsetAt(instant));
}

TimePoint TimeZone::ToUtc(LocalTime local) const {
  if (fixed_) return TimePoint(local.time_since_epoch() - *fixed_);
  const date::time_zone* zone = LocateZone(name_);
  if (zone == nullptr) return TimePoint(local.time_since_epoch());
  const auto info = zone->get_info(date::local_time<std::chrono::microseconds>(local.time_since_epoch()));
  // In a gap the offset before the change is the smaller one: using it moves the reading forward by the change.
  return TimePoint(local.time_since_epoch() - info.first.offset);
}

}  // namespace immich::media
