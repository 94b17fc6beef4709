#include "server/search/search_scope.hpp"

#include "api/search_api.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/search/search_filter.hpp"
#include "slice_search_sql.hpp"

namespace immich::search {

namespace {

Task<void> RequireAlbums(Access& access, const AuthContext& auth, const std::vector<Uuid>& ids) {
  std::vector<AlbumId> albums;
  for (const Uuid& id : ids) albums.emplace_back(id);
  co_await access.RequireAlbums(auth, api::Permission::kAlbumRead, std::move(albums));
}

}  // namespace

template <class Dto>
Task<SearchScope> ResolveScope(pg::Db& db, Access& access, const AuthContext& auth, const Dto& request) {
  SearchScope scope;
  scope.with_locked = auth.is_elevated();
  bool asks_for_locked = request.visibility == api::AssetVisibility::kLocked;
  bool in_albums = request.album_ids && !request.album_ids->empty();
  if (in_albums) co_await RequireAlbums(access, auth, *request.album_ids);
  if constexpr (requires { request.filter; }) {
    if (request.filter) {
      asks_for_locked = asks_for_locked || AsksForLocked(*request.filter);
      in_albums = in_albums || IsConfinedToAlbums(*request.filter);
      const std::vector<Uuid> albums = AlbumsOf(*request.filter);
      if (!albums.empty()) co_await RequireAlbums(access, auth, albums);
    }
  }
  if (asks_for_locked) auth.RequireElevated();
  if (in_albums) co_return scope;
  if (auth.is_visitor()) throw BadRequest("Shared link access is only allowed in combination with albumIds");
  scope.owners.push_back(auth.user.id);
  pg::Params params{auth.user.id};
  for (const pg::Row row : co_await db.Run(sql::kSearchPartnerList, std::move(params))) {
    scope.owners.push_back(row.Get<UserId>(0));
  }
  co_return scope;
}

template Task<SearchScope> ResolveScope(pg::Db&, Access&, const AuthContext&, const api::MetadataSearchDto&);
template Task<SearchScope> ResolveScope(pg::Db&, Access&, const AuthContext&, const api::StatisticsSearchDto&);
template Task<SearchScope> ResolveScope(pg::Db&, Access&, const AuthContext&, const api::RandomSearchDto&);
template Task<SearchScope> ResolveScope(pg::Db&, Access&, const AuthContext&, const api::SmartSearchDto&);
template Task<SearchScope> ResolveScope(pg::Db&, Access&, const AuthContext&, const api::SearchLargeAssets::Input&);

}  // namespace immich::search
