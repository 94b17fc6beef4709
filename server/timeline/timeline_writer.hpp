#pragma once

#include <string>

#include "platform/pg/pg_result.hpp"
#include "server/core/ids.hpp"

namespace immich::timeline {

/// Which optional columns a bucket answer has and for whose eyes it is.
struct BucketColumns {
  UserId viewer;
  /// city and country; not for links that hide metadata.
  bool with_places = true;
  bool with_coordinates = false;
  bool with_stacks = false;
};

/// Rows of BuildBucketCounts → JSON array.
std::string WriteBucketCounts(const pg::Result& rows);
/// Rows of BuildBucket → TimeBucketAssetResponseDto, one array a column.
std::string WriteBucket(const pg::Result& rows, const BucketColumns& columns);

}  // namespace immich::timeline
