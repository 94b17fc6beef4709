#pragma once

#include <vector>

#include "api/albums_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"

namespace immich {

/// Album answers without assets for slices that show albums of others (shared links): the members are the owner, then
/// `viewer`, then the rest by name. Albums that are gone are left out; the order is that of `ids`. No access check.
Task<std::vector<api::AlbumResponseDto>> LoadAlbumViews(pg::Db& db, UserId viewer, std::vector<AlbumId> ids);

}  // namespace immich
