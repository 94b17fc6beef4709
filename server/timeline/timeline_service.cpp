#include "server/timeline/timeline_service.hpp"

#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/timeline/timeline_writer.hpp"
#include "slice_timeline_sql.hpp"

namespace immich::timeline {

namespace {

using api::Permission;

TimePoint ParseBucket(std::string_view text) {
  // Compat: GET /timeline/bucket: old clients send `+` or `-` before the date.
  if (!text.empty() && (text.front() == '+' || text.front() == '-' || text.front() == ' ')) text.remove_prefix(1);
  const auto date = text.size() == 10 ? ParseIsoDate(text) : ParseIso(text);
  if (!date) throw BadRequest("Invalid time bucket");
  return *date;
}

void CheckPartnerCombination(const TimelineRequest& request) {
  const bool allowed = request.visibility == "timeline" && !request.is_favorite && request.is_trashed != true;
  if (!allowed) {
    throw BadRequest("withPartners is only supported for non-archived, non-trashed, non-favorited assets");
  }
}

}  // namespace

Task<std::vector<UserId>> TimelineService::PartnersInTimeline(const AuthContext& auth) {
  pg::Params params{auth.user.id};
  std::vector<UserId> partners;
  for (const pg::Row row : co_await db_.Run(sql::kTimelinePartners, std::move(params))) {
    partners.push_back(row.Get<UserId>(0));
  }
  co_return partners;
}

Task<TimelineFilter> TimelineService::Resolve(const AuthContext& auth, const TimelineRequest& request) {
  if (request.visibility == "locked") auth.RequireElevated();
  TimelineFilter filter;
  std::optional<UserId> owner = request.user;
  if (request.album) {
    co_await access_.RequireAlbum(auth, Permission::kAlbumRead, *request.album);
  } else if (!owner) {
    owner = auth.user.id;
  }
  if (owner) {
    const bool own_only = request.visibility == "archive" || request.visibility == "locked";
    if (own_only && (auth.is_visitor() || *owner != auth.user.id)) ThrowNoAccess(Permission::kArchiveRead);
    co_await access_.RequireTimeline(auth, Permission::kTimelineRead, *owner);
    filter.owners.push_back(*owner);
  }
  if (request.tag) co_await access_.RequireTag(auth, Permission::kTagRead, *request.tag);
  if (request.with_partners == true) {
    CheckPartnerCombination(request);
    if (owner && *owner == auth.user.id) {
      for (const UserId& partner : co_await PartnersInTimeline(auth)) filter.owners.push_back(partner);
    }
  }
  if (!request.bounding_box.empty()) {
    filter.bounding_box = BoundingBox::Parse(request.bounding_box);
    if (!filter.bounding_box) throw BadRequest("Invalid bbox");
  }
  filter.album = request.album;
  filter.person = request.person;
  filter.tag = request.tag;
  filter.is_favorite = request.is_favorite;
  filter.is_trashed = request.is_trashed.value_or(false);
  filter.visibility = request.visibility;
  filter.with_stacked = request.with_stacked.value_or(false);
  const bool shows_exif = !auth.shared_link || auth.shared_link->show_exif;
  filter.with_coordinates = request.with_coordinates.value_or(false) && shows_exif;
  filter.ascending = request.ascending;
  filter.by_created_at = request.by_created_at;
  co_return filter;
}

Task<LibraryCache::Body> TimelineService::Answer(const TimelineFilter& filter, std::string kind, QueryBuilder query,
                                                 std::function<std::string(const pg::Result&)> write) {
  // Without owners an album decides, and whose rows those are only the query knows.
  if (!filter.owners.empty() && !query.reads_elsewhere()) {
    co_return co_await library_->Get(kind, std::move(query), filter.owners, std::move(write));
  }
  const pg::Result rows = co_await db_.RunDynamic(query.TakeText(), query.TakeParams());
  co_return std::make_shared<const http::KeptBody>(write(rows));
}

Task<LibraryCache::Body> TimelineService::Buckets(const AuthContext& auth, TimelineRequest request) {
  const TimelineFilter filter = co_await Resolve(auth, request);
  QueryBuilder query = BuildBucketCounts(filter);
  co_return co_await Answer(filter, "buckets", std::move(query), WriteBucketCounts);
}

Task<LibraryCache::Body> TimelineService::Bucket(const AuthContext& auth, TimelineRequest request,
                                                 std::string_view time_bucket) {
  const TimePoint month = ParseBucket(time_bucket);
  const TimelineFilter filter = co_await Resolve(auth, request);
  QueryBuilder query = BuildBucket(filter, month);
  BucketColumns columns;
  columns.viewer = auth.user.id;
  columns.with_places = !auth.shared_link || auth.shared_link->show_exif;
  columns.with_coordinates = filter.with_coordinates;
  columns.with_stacks = filter.with_stacked;
  std::string kind =
      fmt::format("bucket {} {:d}{:d}", columns.viewer.ToString(), columns.with_places, columns.with_coordinates);
  const auto write = [columns](const pg::Result& rows) { return WriteBucket(rows, columns); };
  co_return co_await Answer(filter, std::move(kind), std::move(query), write);
}

}  // namespace immich::timeline
