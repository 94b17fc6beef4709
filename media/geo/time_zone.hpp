#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "platform/time/time_point.hpp"

namespace immich::media {

/// A wall clock reading without a zone.
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;

/// IANA name of the zone at a place, "Europe/Zurich"; at sea "Etc/GMT-2". nullopt outside ±90°/±180°.
/// A lookup in a 65 kB quadtree (npm @photostructure/tz-lookup 11.7.0): microseconds, borders exact to about a
/// kilometre.
std::optional<std::string_view> TimeZoneAt(double latitude, double longitude);

/// A time zone: an IANA name with its rules, or a fixed offset.
class TimeZone {
 public:
  /// "Europe/Zurich", "UTC", "UTC+2", "UTC-3:30", "+02:00", "Z"; nullopt for anything else.
  static std::optional<TimeZone> Find(std::string_view name);
  static TimeZone Utc() { return Fixed(std::chrono::minutes(0)); }
  /// Named as clients expect it: "UTC", "UTC+2", "UTC-3:30".
  static TimeZone Fixed(std::chrono::minutes offset);

  const std::string& name() const { return name_; }
  bool is_fixed() const { return fixed_.has_value(); }

  /// Local minus UTC.
  std::chrono::seconds OffsetAt(TimePoint instant) const;
  LocalTime ToLocal(TimePoint instant) const;
  /// Readings that occur twice give the first; readings that a clock change skips move forward by the change.
  TimePoint ToUtc(LocalTime local) const;

  bool operator==(const TimeZone& other) const { return name_ == other.name_; }

 private:
  TimeZone(std::string name, std::optional<std::chrono::minutes> fixed) : name_(std::move(name)), fixed_(fixed) {}

  std::string name_;
  std::optional<std::chrono::minutes> fixed_;
};

/// Offset in "+02:00", "-0330", "+05", "Z", "UTC", "UTC+2", "UTC-3:30"; nullopt for other texts and for offsets
/// beyond 14 hours.
std::optional<std::chrono::minutes> ParseUtcOffset(std::string_view text);

}  // namespace immich::media
