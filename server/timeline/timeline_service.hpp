#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/library_cache.hpp"
#include "server/timeline/timeline_query.hpp"

namespace immich {
class Access;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::timeline {

/// What a caller asks for, as the query parameters say it.
struct TimelineRequest {
  std::optional<UserId> user;
  std::optional<AlbumId> album;
  std::optional<PersonId> person;
  std::optional<TagId> tag;
  std::optional<bool> is_favorite;
  std::optional<bool> is_trashed;
  std::optional<bool> with_stacked;
  std::optional<bool> with_partners;
  std::optional<bool> with_coordinates;
  /// `timeline`, `archive`, `hidden`, `locked` or empty.
  std::string visibility;
  std::string bounding_box;
  bool ascending = false;
  bool by_created_at = false;
};

/// Months with their sizes and the assets of one month (facts: timeline-search). Answers are JSON text: the columns of
/// a month go from the database's rows to the wire without objects between.
class TimelineService {
 public:
  TimelineService(pg::Db& db, Access& access, std::shared_ptr<LibraryCache> library)
      : db_(db), access_(access), library_(std::move(library)) {}

  /// `[{"count":…,"timeBucket":"YYYY-MM-01"}]`
  Task<LibraryCache::Body> Buckets(const AuthContext& auth, TimelineRequest request);
  /// The columns of one month. `time_bucket`: `YYYY-MM-DD` or a date-time, a leading sign is ignored.
  Task<LibraryCache::Body> Bucket(const AuthContext& auth, TimelineRequest request, std::string_view time_bucket);

 private:
  /// Checks access and turns the request into a filter. Throws BadRequest, Unauthorized (locked without elevation).
  Task<TimelineFilter> Resolve(const AuthContext& auth, const TimelineRequest& request);
  Task<std::vector<UserId>> PartnersInTimeline(const AuthContext& auth);

  Task<LibraryCache::Body> Answer(const TimelineFilter& filter, std::string kind, QueryBuilder query,
                                  std::function<std::string(const pg::Result&)> write);

  pg::Db& db_;
  Access& access_;
  std::shared_ptr<LibraryCache> library_;
};

}  // namespace immich::timeline
