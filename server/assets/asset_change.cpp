#include "server/assets/asset_change.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "api/codec/issue_list.hpp"
#include "api/enums.hpp"
#include "media/geo/time_zone.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/assets/live_photo_rules.hpp"
#include "server/core/access.hpp"
#include "server/core/client_events.hpp"
#include "server/core/storage_paths.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

using api::Permission;
using media::TimeZone;

// A thousand years; more is a mistake and soon beyond what PostgreSQL counts.
constexpr std::int64_t kMaxShiftMinutes = 1000LL * 366 * 24 * 60;

/// The offset a date was written with: `Z`, `+02:00`.
std::optional<std::chrono::minutes> WrittenOffset(std::string_view date) {
  const std::size_t time = date.find('T');
  if (time == std::string_view::npos) return std::nullopt;
  const std::size_t sign = date.find_first_of("Z+-", time);
  return sign == std::string_view::npos ? std::nullopt : media::ParseUtcOffset(date.substr(sign));
}

struct TakenAt {
  TimePoint instant;
  /// Absent when the date was written without an offset: the zone known so far stays.
  std::optional<TimeZone> zone;
};

TakenAt ParseTakenAt(const std::string& text) {
  const auto offset = WrittenOffset(text);
  // Compat: PUT /assets/{id}: dates without an offset are taken as UTC.
  const auto instant = ParseIso(offset ? text : text + "Z");
  if (!instant) api::ThrowIssue("dateTimeOriginal", "Invalid ISO datetime");
  return {*instant, offset ? std::optional(TimeZone::Fixed(*offset)) : std::nullopt};
}

/// The wall clock at `instant`, labelled UTC as localDateTime is.
TimePoint LocalOf(const TimeZone& zone, TimePoint instant) {
  return instant + zone.OffsetAt(instant);
}

void CheckRating(const json::Maybe<std::int64_t>& rating) {
  if (rating.has_value() && *rating == 0) api::ThrowIssue("rating", "Rating must be -1 or 1 to 5; null clears it");
}

void CheckCoordinates(const std::optional<double>& latitude, const std::optional<double>& longitude) {
  if (latitude.has_value() == longitude.has_value()) return;
  api::ThrowIssue(latitude ? "longitude" : "latitude", "Latitude and longitude must be provided together");
}

std::optional<std::string> VisibilityText(const std::optional<api::AssetVisibility>& visibility) {
  return visibility ? std::optional(std::string(api::ToString(*visibility))) : std::nullopt;
}

JobSink::Request SidecarWrite(AssetId id) {
  return {.name = "SidecarWrite", .data = JobDataWithId(id.value), .options = {}};
}

}  // namespace

struct AssetChange::Wanted {
  std::optional<bool> is_favorite;
  std::optional<std::string> visibility;
  json::Maybe<Uuid> duplicate_id;
  std::optional<TakenAt> taken_at;
  std::optional<std::string> description;
  std::optional<double> latitude, longitude;
  json::Maybe<std::int64_t> rating;
  /// Zone to show dates in, and minutes to move them by.
  std::optional<TimeZone> zone;
  std::int64_t shift_minutes = 0;

  bool changes_exif() const {
    return taken_at || description || latitude || rating.is_present() || zone || shift_minutes != 0;
  }
  bool shifts_dates() const { return !taken_at && (zone || shift_minutes != 0); }
};

struct AssetChange::LivePhotoChange {
  /// A video that is no longer shown by itself, or is again.
  std::optional<AssetId> hidden, shown;
};

AssetChange::Wanted AssetChange::Check(const api::UpdateAssetDto& change) {
  CheckRating(change.rating);
  CheckCoordinates(change.latitude, change.longitude);
  Wanted wanted;
  wanted.is_favorite = change.is_favorite;
  wanted.visibility = VisibilityText(change.visibility);
  if (change.date_time_original) wanted.taken_at = ParseTakenAt(*change.date_time_original);
  wanted.description = change.description;
  wanted.latitude = change.latitude;
  wanted.longitude = change.longitude;
  wanted.rating = change.rating;
  return wanted;
}

AssetChange::Wanted AssetChange::Check(const api::AssetBulkUpdateDto& change) {
  api::UpdateAssetDto common;
  common.is_favorite = change.is_favorite;
  common.visibility = change.visibility;
  common.date_time_original = change.date_time_original;
  common.description = change.description;
  common.latitude = change.latitude;
  common.longitude = change.longitude;
  common.rating = change.rating;
  Wanted wanted = Check(common);
  if (change.date_time_original && change.date_time_relative) {
    api::ThrowIssue("dateTimeRelative", "Dates are either set or moved");
  }
  wanted.shift_minutes = change.date_time_relative.value_or(0);
  if (std::llabs(wanted.shift_minutes) > kMaxShiftMinutes) api::ThrowIssue("dateTimeRelative", "Too many minutes");
  if (change.time_zone) {
    wanted.zone = TimeZone::Find(*change.time_zone);
    if (!wanted.zone) api::ThrowIssue("timeZone", "Invalid IANA time zone");
    if (wanted.taken_at) wanted.taken_at->zone = wanted.zone;
  }
  if (change.duplicate_id.is_null()) wanted.duplicate_id = json::Maybe<Uuid>::Null();
  if (change.duplicate_id.has_value()) {
    const auto group = Uuid::Parse(*change.duplicate_id);
    if (!group) api::ThrowIssue("duplicateId", "Invalid UUID");
    wanted.duplicate_id = *group;
  }
  return wanted;
}

Task<void> AssetChange::StoreExif(pg::Db& db, const std::vector<AssetId>& ids, const Wanted& wanted) {
  std::vector<std::string> names;
  std::optional<TimePoint> instant;
  std::optional<std::string> zone;
  if (wanted.description) names.emplace_back("description");
  if (wanted.taken_at) {
    names.emplace_back("dateTimeOriginal");
    instant = wanted.taken_at->instant;
    if (wanted.taken_at->zone) {
      names.emplace_back("timeZone");
      zone = wanted.taken_at->zone->name();
    }
  }
  if (wanted.latitude) names.insert(names.end(), {"latitude", "longitude"});
  if (wanted.rating.is_present()) names.emplace_back("rating");
  if (!names.empty()) {
    pg::Params params{ids,  names,           wanted.description, instant,
                      zone, wanted.latitude, wanted.longitude,   wanted.rating.nullable()};
    co_await db.Run(sql::kAssetExifUpdate, std::move(params));
  }
  if (wanted.shifts_dates()) {
    std::optional<std::string> name;
    std::optional<std::int64_t> fixed_minutes;
    if (wanted.zone) name = wanted.zone->name();
    if (wanted.zone && wanted.zone->is_fixed()) fixed_minutes = wanted.zone->OffsetAt(TimePoint{}).count() / 60;
    pg::Params params{ids, wanted.shift_minutes, name, fixed_minutes};
    co_await db.Run(sql::kAssetExifShift, std::move(params));
  }
}

Task<void> AssetChange::Store(pg::Db& db, const std::vector<AssetId>& ids, const Wanted& wanted) {
  co_await StoreExif(db, ids, wanted);
  std::optional<TimePoint> taken_at, local;
  if (wanted.taken_at && wanted.taken_at->zone) {
    taken_at = wanted.taken_at->instant;
    local = LocalOf(*wanted.taken_at->zone, *taken_at);
  }
  if (wanted.is_favorite || wanted.visibility || wanted.duplicate_id.is_present() || taken_at) {
    pg::Params params{ids,
                      wanted.is_favorite,
                      wanted.visibility,
                      wanted.duplicate_id.is_present(),
                      wanted.duplicate_id.nullable(),
                      taken_at,
                      local};
    co_await db.Run(sql::kAssetUpdate, std::move(params));
  }
  if (wanted.visibility == "locked") {
    pg::Params params{ids};
    co_await db.Run(sql::kAssetAlbumsLeave, std::move(params));
  }
}

Task<AssetChange::LivePhotoChange> AssetChange::StoreLiveVideo(pg::Db& db, UserId owner, AssetId still,
                                                               std::optional<AssetId> video) {
  LivePhotoChange change;
  if (video) {
    co_await RequireLiveVideo(db, owner, *video);
    if (*video == still) throw BadRequest("Live photo video must be another asset");
    pg::Params link{still, *video};
    co_await db.Run(sql::kLiveVideoLink, std::move(link));
    pg::Params hide{*video};
    if (!(co_await db.Run(sql::kAssetHide, std::move(hide))).empty()) change.hidden = video;
    co_return change;
  }
  pg::Params params{still};
  const pg::Result linked = co_await db.Run(sql::kLiveVideoGet, std::move(params));
  if (linked.empty()) co_return change;
  if (paths_.IsMotionVideo(linked[0].Get<std::string_view>(1))) throw BadRequest("Cannot unlink Android motion photos");
  const AssetId parted = linked[0].Get<AssetId>(0);
  pg::Params unlink{still, parted};
  if (!(co_await db.Run(sql::kLiveVideoUnlink, std::move(unlink))).empty()) change.shown = parted;
  co_return change;
}

Task<void> AssetChange::Announce(UserId owner, const LivePhotoChange& change) {
  if (change.hidden) {
    std::vector<std::string> arguments{JsonId(change.hidden->value)};
    co_await events_.ToUser(owner, "on_asset_hidden", std::move(arguments));
  }
  if (change.shown) {
    // Hidden videos have no thumbnail.
    std::vector<JobSink::Request> jobs;
    jobs.push_back({.name = "AssetGenerateThumbnails",
                    .data = fmt::format(R"({{"id":"{}","notify":true}})", change.shown->ToString()),
                    .options = {}});
    co_await jobs_.EnqueueOrLog(std::move(jobs));
  }
}

Task<void> AssetChange::Update(const AuthContext& auth, AssetId id, api::UpdateAssetDto change) {
  const Wanted wanted = Check(change);
  co_await access_.RequireAsset(auth, Permission::kAssetUpdate, id);
  const std::vector<AssetId> ids{id};
  LivePhotoChange live_photo;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    co_await Store(tx, ids, wanted);
    if (change.live_photo_video_id.is_absent()) co_return;
    std::optional<AssetId> video;
    if (change.live_photo_video_id.has_value()) video = AssetId(*change.live_photo_video_id);
    live_photo = co_await StoreLiveVideo(tx, auth.user.id, id, video);
  });
  co_await Announce(auth.user.id, live_photo);
  if (!wanted.changes_exif()) co_return;
  std::vector<JobSink::Request> jobs;
  jobs.push_back(SidecarWrite(id));
  co_await jobs_.EnqueueOrLog(std::move(jobs));
}

Task<void> AssetChange::UpdateMany(const AuthContext& auth, api::AssetBulkUpdateDto change) {
  const Wanted wanted = Check(change);
  const std::vector<AssetId> ids(change.ids.begin(), change.ids.end());
  co_await access_.RequireAssets(auth, Permission::kAssetUpdate, ids);
  if (ids.empty()) co_return;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> { co_await Store(tx, ids, wanted); });
  // Compat: PUT /assets: SidecarWrite for every asset, whatever changed; clients wait for its on_asset_update.
  std::vector<JobSink::Request> jobs;
  for (const AssetId id : ids) jobs.push_back(SidecarWrite(id));
  co_await jobs_.EnqueueOrLog(std::move(jobs));
}

}  // namespace immich::assets
