#include "media/metadata/date_rule.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "media/metadata/exif_date.hpp"
#include "media/metadata/zone_rule.hpp"

namespace immich::media {
namespace {

constexpr auto kDatePriority = std::to_array<std::string_view>(
    {"SubSecDateTimeOriginal", "SubSecCreateDate", "DateTimeOriginal", "CreationDate", "CreateDate", "MediaCreateDate",
     "DateTimeCreated", "GPSDateTime", "DateTimeUTC", "SonyDateTime2", "SourceImageCreateTime"});

/// A date tag together with the zone of the file it is from.
struct FoundDate {
  ExifDate date;
  std::optional<TimeZone> file_zone;
  bool is_utc_by_name = false;
  bool is_video = false;
};

bool HasAnyDate(const TagSet& tags) {
  return std::ranges::any_of(kDatePriority, [&](std::string_view name) { return tags.Has(name); });
}

std::optional<ExifDate> DateIn(const TagSet* tags, std::string_view name) {
  if (tags == nullptr) return std::nullopt;
  const auto text = tags->TextOf(name);
  return text ? ParseExifDate(*text) : std::nullopt;
}

/// The first date by priority; of two files the sidecar goes first for the same tag.
std::optional<FoundDate> FirstDate(const TagSet* sidecar, const std::optional<TimeZone>& sidecar_zone,
                                   const TagSet* media, const std::optional<TimeZone>& media_zone) {
  for (const std::string_view name : kDatePriority) {
    const bool utc = name == "GPSDateTime" || name == "DateTimeUTC";
    if (auto date = DateIn(sidecar, name)) return FoundDate{*date, sidecar_zone, utc, false};
    if (auto date = DateIn(media, name)) return FoundDate{*date, media_zone, utc, media->is_video};
  }
  return std::nullopt;
}

TimePoint InstantOf(const FoundDate& found) {
  if (found.date.offset) return TimeZone::Fixed(*found.date.offset).ToUtc(found.date.local);
  if (found.is_utc_by_name || found.is_video || !found.file_zone) return TimeZone::Utc().ToUtc(found.date.local);
  return found.file_zone->ToUtc(found.date.local);
}

TimePoint EarliestFileTime(const FileFacts& file, const std::optional<TimePoint>& fallback) {
  TimePoint earliest = file.modified;
  if (fallback) earliest = std::min(earliest, *fallback);
  if (file.born && file.born->time_since_epoch().count() > 0) earliest = std::min(earliest, *file.born);
  return earliest;
}

}  // namespace

void DecideDates(const TagSet& media, const std::optional<TagSet>& sidecar, const FileFacts& file,
                 const std::optional<TimePoint>& fallback, MediaMetadata& out) {
  const bool sidecar_rules = sidecar && HasAnyDate(*sidecar);
  const TagSet* sidecar_tags = sidecar ? &*sidecar : nullptr;
  const TagSet* media_tags = sidecar_rules ? nullptr : &media;
  const auto sidecar_zone = sidecar ? InferTimeZone(*sidecar) : std::nullopt;
  const auto media_zone = media_tags != nullptr ? InferTimeZone(media) : std::nullopt;
  std::optional<TimeZone> zone = sidecar_zone ? sidecar_zone : media_zone;

  const auto found = FirstDate(sidecar_tags, sidecar_zone, media_tags, media_zone);
  if (!zone && found && (found->date.raw.ends_with("Z") || found->date.raw.ends_with("+00:00"))) {
    out.time_zone = "UTC+0";
  } else if (zone) {
    out.time_zone = zone->name();
  }
  out.modify_date = file.modified;
  out.has_capture_date = found.has_value();
  if (found) {
    out.date_time_original = InstantOf(*found);
    out.local_date_time = zone.value_or(TimeZone::Utc()).ToLocal(out.date_time_original);
  } else {
    out.date_time_original = EarliestFileTime(file, fallback);
    out.local_date_time = LocalTime(out.date_time_original.time_since_epoch());
  }
}

}  // namespace immich::media
