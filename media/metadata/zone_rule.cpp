#include "media/metadata/zone_rule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "media/metadata/exif_date.hpp"

namespace immich::media {
namespace {

using std::chrono::minutes;

constexpr auto kOffsetTags = std::to_array<std::string_view>(
    {"TimeZone", "OffsetTimeOriginal", "OffsetTimeDigitized", "OffsetTime", "TimeZoneOffset"});
constexpr auto kUtcTags = std::to_array<std::string_view>({"GPSDateTime", "DateTimeUTC"});
constexpr auto kCaptureTags = std::to_array<std::string_view>(
    {"SubSecDateTimeOriginal", "DateTimeOriginal", "SubSecCreateDate", "CreateDate", "DateTimeCreated"});
constexpr auto kStampTags =
    std::to_array<std::string_view>({"SubSecDateTimeOriginal", "SubSecCreateDate", "DateTimeOriginal", "CreationDate",
                                     "CreateDate", "MediaCreateDate", "DateTimeCreated"});

/// Offsets in use on Earth that are not whole hours, in minutes.
constexpr auto kOddOffsets = std::to_array<int>({-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765});
constexpr int kWestmostHour = -12;
constexpr int kEastmostHour = 14;
/// A GPS fix may be older than the picture, a camera clock a little off.
constexpr int kToleranceMinutes = 30;

std::optional<TimeZone> FromOffsetTags(const TagSet& tags) {
  for (const std::string_view name : kOffsetTags) {
    // TimeZoneOffset (0x882a) counts whole hours.
    if (const auto hours = tags.NumberOf(name); hours && std::abs(*hours) <= kEastmostHour) {
      return TimeZone::Fixed(minutes(static_cast<int>(*hours * 60)));
    }
    const auto text = tags.TextOf(name);
    if (!text) continue;
    if (const auto offset = ParseUtcOffset(*text)) return TimeZone::Fixed(*offset);
    if (text->find('/') != std::string::npos) {
      if (auto zone = TimeZone::Find(*text)) return zone;
    }
  }
  return std::nullopt;
}

std::optional<TimeZone> FromGps(const TagSet& tags) {
  const auto position = GpsPositionOf(tags);
  if (!position) return std::nullopt;
  const auto name = TimeZoneAt(position->latitude, position->longitude);
  return name ? TimeZone::Find(*name) : std::nullopt;
}

/// The offset in use that is nearest to a measured difference, if it is near.
std::optional<minutes> NearestOffset(double difference_minutes) {
  const int whole_hours =
      std::clamp(static_cast<int>(std::lround(difference_minutes / 60)), kWestmostHour, kEastmostHour);
  int best = whole_hours * 60;
  for (const int odd : kOddOffsets) {
    if (std::abs(odd - difference_minutes) < std::abs(best - difference_minutes)) best = odd;
  }
  if (std::abs(best - difference_minutes) >= kToleranceMinutes) return std::nullopt;
  return minutes(best);
}

std::optional<ExifDate> DateOf(const TagSet& tags, std::string_view name) {
  const auto text = tags.TextOf(name);
  return text ? ParseExifDate(*text) : std::nullopt;
}

std::optional<TimeZone> FromUtcDifference(const TagSet& tags) {
  for (const std::string_view utc_name : kUtcTags) {
    const auto utc = DateOf(tags, utc_name);
    if (!utc) continue;
    for (const std::string_view name : kCaptureTags) {
      const auto captured = DateOf(tags, name);
      if (!captured || captured->offset) continue;
      const auto difference = std::chrono::duration<double, std::ratio<60>>(captured->local - utc->local);
      if (const auto offset = NearestOffset(difference.count())) return TimeZone::Fixed(*offset);
    }
  }
  return std::nullopt;
}

/// A zero offset inside a date is not taken: writers put "Z" behind times they know nothing about.
std::optional<TimeZone> FromStamps(const TagSet& tags) {
  for (const std::string_view name : kStampTags) {
    const auto date = DateOf(tags, name);
    if (date && date->offset && date->offset->count() != 0) return TimeZone::Fixed(*date->offset);
  }
  return std::nullopt;
}

}  // namespace

std::optional<GpsPosition> GpsPositionOf(const TagSet& tags) {
  const auto latitude = tags.NumberOf("GPSLatitude");
  const auto longitude = tags.NumberOf("GPSLongitude");
  if (!latitude || !longitude || (*latitude == 0 && *longitude == 0)) return std::nullopt;
  if (!(std::abs(*latitude) <= 90 && std::abs(*longitude) <= 180)) return std::nullopt;
  return GpsPosition{*latitude, *longitude};
}

std::optional<TimeZone> InferTimeZone(const TagSet& tags) {
  if (auto zone = FromOffsetTags(tags)) return zone;
  if (auto zone = FromGps(tags)) return zone;
  // The times of videos are UTC already: there is no difference to measure.
  if (!tags.is_video) {
    if (auto zone = FromUtcDifference(tags)) return zone;
  }
  if (auto zone = FromStamps(tags)) return zone;
  if (tags.is_video) return TimeZone::Utc();
  return std::nullopt;
}

}  // namespace immich::media
