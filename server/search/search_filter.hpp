#pragma once

#include "api/search_types.hpp"
#include "server/core/query_builder.hpp"

namespace immich::search {

/// Adds the conditions of a structured filter over `asset a` and `asset_exif e`: every member must hold, and one of the
/// branches of `or` when there are any. `ne` and `notIn` do not find rows without a value, as in SQL. Throws BadRequest
/// for a checksum that is none.
void AppendFilter(QueryBuilder& query, const api::SearchFilter& filter);

/// The albums that `filter` names anywhere: who searches by them must be allowed to read them.
std::vector<Uuid> AlbumsOf(const api::SearchFilter& filter);
/// True when everything found is in one of the albums named, so that it may belong to anybody.
bool IsConfinedToAlbums(const api::SearchFilter& filter);
/// True when the filter itself says something about the trash.
bool NamesTrash(const api::SearchFilter& filter);
/// True when it asks for locked assets.
bool AsksForLocked(const api::SearchFilter& filter);

}  // namespace immich::search
