#pragma once

#include <string_view>

#include "api/sync_types.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {

/// The columns of SyncAssetV2, of the table alias `a`, in the order ReadSyncAsset reads them.
extern const std::string_view kSyncAssetColumns;
extern const int kSyncAssetColumnCount;
/// The columns of SyncAssetExifV1, of the table alias `e`.
extern const std::string_view kSyncExifColumns;

/// The shapes of the mobile sync protocol, also sent in live events. `isFavorite` is the owner's.
api::SyncAssetV2 ReadSyncAsset(const pg::Row& row, int first);
api::SyncAssetExifV1 ReadSyncExif(const pg::Row& row, int first);

}  // namespace immich
