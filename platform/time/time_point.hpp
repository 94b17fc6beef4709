#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace immich {

/// An instant in UTC with the resolution of PostgreSQL's timestamptz.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

TimePoint Now();

/// RFC 3339 with milliseconds and `Z`, as JavaScript's Date.toISOString: `2024-01-02T03:04:05.678Z`.
/// Years outside 0..9999 take the expanded form `+012345-…`.
std::string ToIsoString(TimePoint time);
/// Appends what ToIsoString gives.
void AppendIso(std::string& out, TimePoint time);
/// Wall clock without zone as PostgreSQL's JSON renders `timestamp`: `2024-01-01T10:00:00` plus a fraction without
/// trailing zeros.
void AppendIsoWithoutZone(std::string& out, TimePoint time);

/// Accepts ISO 8601 date-times with `Z` or a numeric offset and 0..9 fraction digits (cut to microseconds) in the range
/// of a JavaScript Date (years ±271821); nullopt otherwise. Seconds may be absent; leap seconds and 24:00 are refused.
std::optional<TimePoint> ParseIso(std::string_view text);
/// `YYYY-MM-DD` as midnight UTC.
std::optional<TimePoint> ParseIsoDate(std::string_view text);
/// `YYYY-MM-DD` of the UTC day.
std::string ToIsoDate(TimePoint time);
/// IMF-fixdate of RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`.
std::string ToHttpDate(TimePoint time);
std::optional<TimePoint> ParseHttpDate(std::string_view text);

std::int64_t UnixMilliseconds(TimePoint time);
/// Saturates at the ends of TimePoint's range.
TimePoint FromUnixMilliseconds(std::int64_t unix_ms);

}  // namespace immich
