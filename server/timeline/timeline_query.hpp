#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/time/time_point.hpp"
#include "server/core/ids.hpp"
#include "server/core/query_builder.hpp"

namespace immich::timeline {

/// West, south, east, north in degrees; west > east crosses the antimeridian.
struct BoundingBox {
  double west, south, east, north;

  /// `west,south,east,north`; nullopt unless four numbers in range with south <= north.
  static std::optional<BoundingBox> Parse(std::string_view text);
};

/// Which assets a timeline shows; the rules that lead to it are TimelineService's.
struct TimelineFilter {
  /// Empty: any owner (an album decides).
  std::vector<UserId> owners;
  std::optional<AlbumId> album;
  std::optional<PersonId> person;
  std::optional<TagId> tag;
  std::optional<bool> is_favorite;
  bool is_trashed = false;
  /// Empty: archive and timeline.
  std::string visibility;
  bool with_stacked = false;
  bool with_coordinates = false;
  std::optional<BoundingBox> bounding_box;
  bool ascending = false;
  /// Buckets by upload time instead of the time taken.
  bool by_created_at = false;
};

/// Rows (month date, count) in the filter's order.
QueryBuilder BuildBucketCounts(const TimelineFilter& filter);
/// Rows of one month in the filter's order; columns as BucketColumn says.
QueryBuilder BuildBucket(const TimelineFilter& filter, TimePoint month);

enum BucketColumn : int {
  kId,
  kOwnerId,
  kWidth,
  kHeight,
  kIsFavorite,
  kVisibility,
  kIsTrashed,
  kIsImage,
  kThumbhash,
  kFileCreatedAt,
  kCreatedAt,
  kLocalDateTime,
  kDuration,
  kProjectionType,
  kLivePhotoVideoId,
  kCity,
  kCountry,
  kLatitude,
  kLongitude,
  kStatus,
  kStackId,
  kStackCount
};

}  // namespace immich::timeline
