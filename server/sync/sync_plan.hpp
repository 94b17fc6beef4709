#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/sync_types.hpp"
#include "server/sync/sync_checkpoints.hpp"
#include "server/sync/sync_writers.hpp"

namespace immich::sync {

/// Rows of one entity in the order of their cursor, a time-ordered id.
struct RowQuery {
  Shape shape;
  /// Column the rows are ordered by and clients acknowledge.
  std::string_view cursor;
  /// Tables and conditions; $1 is whose rows they are.
  std::string_view source;

  /// One page. $1 whose, $2 upper end, $3 lower end (exclusive), $4 rows at most; `is_backfill`: the upper end counts.
  std::string Text(bool is_backfill) const;
};

/// Where rows come from that were there before the client's user could see them.
enum class Backfill { kNone, kPartners, kAlbums };

/// One kind of line of the stream.
struct Step {
  enum class Kind {
    /// What was written since the acknowledgement: deletions and rows.
    kChanges,
    /// Rows of partners or albums that joined later; `$1` is the partner or album.
    kBackfill,
    /// Changes of assets in albums that the client knows already; $5 is how far it knows the albums.
    kAlbumUpdates,
    /// Assets new in albums.
    kAlbumCreates,
  };
  Kind kind = Kind::kChanges;
  Entity entity{};
  RowQuery query;
  Backfill backfill = Backfill::kNone;
  /// kBackfill, kAlbumUpdates: the entity of the main stream. kAlbumCreates: that of the updates.
  Entity other{};
};

struct Handler {
  api::SyncRequestType request;
  std::vector<Step> steps;
};

/// What can be asked for, in the order it is sent (facts: sync).
const std::vector<Handler>& SyncPlan();
/// False for types that went with version 3 of the original.
bool IsSupported(api::SyncRequestType type);

}  // namespace immich::sync
