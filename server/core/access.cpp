#include "server/core/access.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "core_sql.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {

namespace {

using api::Permission;

/// Members of albums and partners get these; everything else needs the owner.
bool IsReading(Permission permission) {
  return permission == Permission::kAssetRead || permission == Permission::kAssetView ||
         permission == Permission::kAssetDownload;
}

std::vector<AssetId> Remaining(const std::vector<AssetId>& ids, const std::unordered_set<AssetId>& allowed) {
  std::vector<AssetId> rest;
  for (const AssetId& id : ids) {
    if (!allowed.contains(id)) rest.push_back(id);
  }
  return rest;
}

void Collect(const pg::Result& result, std::unordered_set<AssetId>& allowed) {
  for (const pg::Row row : result) allowed.insert(row.Get<AssetId>(0));
}

bool LinkAllows(const AuthSharedLink& link, Permission permission) {
  switch (permission) {
    case Permission::kAssetRead:
    case Permission::kAssetView:
      return true;
    case Permission::kAssetDownload:
      return link.allow_download;
    case Permission::kAssetUpload:
      return link.allow_upload;
    default:
      return false;
  }
}

std::vector<std::string> RolesFor(Permission permission) {
  switch (permission) {
    case Permission::kAlbumRead:
    case Permission::kAlbumDownload:
    case Permission::kAlbumStatistics:
      return {"owner", "editor", "viewer"};
    case Permission::kAlbumUpdate:
    case Permission::kAlbumShare:
    case Permission::kAlbumAssetCreate:
    case Permission::kAlbumAssetDelete:
      return {"owner", "editor"};
    default:
      return {"owner"};
  }
}

bool LinkAllowsAlbum(const AuthSharedLink& link, Permission permission) {
  switch (permission) {
    case Permission::kAlbumRead:
      return true;
    case Permission::kAlbumDownload:
      return link.allow_download;
    case Permission::kAlbumAssetCreate:
      return link.allow_upload;
    default:
      return false;
  }
}

template <class T>
std::vector<T> InOrder(const std::vector<T>& ids, const std::unordered_set<T>& allowed) {
  std::vector<T> result;
  std::unordered_set<T> seen;
  for (const T& id : ids) {
    if (allowed.contains(id) && seen.insert(id).second) result.push_back(id);
  }
  return result;
}

template <class T>
std::size_t CountDistinct(const std::vector<T>& ids) {
  return std::unordered_set<T>(ids.begin(), ids.end()).size();
}

}  // namespace

void ThrowNoAccess(Permission permission) {
  throw BadRequest(fmt::format("Not found or no {} access", api::ToString(permission)));
}

Task<std::vector<AssetId>> Access::AllowedAssets(const AuthContext& auth, Permission permission,
                                                 std::vector<AssetId> ids) {
  std::unordered_set<AssetId> allowed;
  if (ids.empty()) co_return std::vector<AssetId>{};
  if (auth.shared_link) {
    if (LinkAllows(*auth.shared_link, permission)) {
      pg::Params params{ids, auth.shared_link->id};
      Collect(co_await db_.Run(sql::kAccessAssetsBySharedLink, std::move(params)), allowed);
    }
    co_return InOrder(ids, allowed);
  }
  // Compat: asset.share never covers locked assets; the rest does in an elevated session.
  const bool with_locked = auth.is_elevated() && permission != Permission::kAssetShare;
  pg::Params owned{ids, auth.user.id, with_locked};
  Collect(co_await db_.Run(sql::kAccessAssetsOwned, std::move(owned)), allowed);
  const bool partner_allowed = IsReading(permission) || permission == Permission::kAssetShare;
  if (const auto rest = Remaining(ids, allowed); IsReading(permission) && !rest.empty()) {
    pg::Params by_album{rest, auth.user.id};
    Collect(co_await db_.Run(sql::kAccessAssetsByAlbum, std::move(by_album)), allowed);
  }
  if (const auto rest = Remaining(ids, allowed); partner_allowed && !rest.empty()) {
    pg::Params by_partner{rest, auth.user.id};
    Collect(co_await db_.Run(sql::kAccessAssetsByPartner, std::move(by_partner)), allowed);
  }
  co_return InOrder(ids, allowed);
}

Task<void> Access::RequireAssets(const AuthContext& auth, Permission permission, std::vector<AssetId> ids) {
  const std::size_t wanted = CountDistinct(ids);
  const auto allowed = co_await AllowedAssets(auth, permission, std::move(ids));
  if (allowed.size() != wanted) ThrowNoAccess(permission);
}

Task<void> Access::RequireAsset(const AuthContext& auth, Permission permission, AssetId id) {
  std::vector<AssetId> one{id};
  co_await RequireAssets(auth, permission, std::move(one));
}

Task<std::vector<AlbumId>> Access::AllowedAlbums(const AuthContext& auth, Permission permission,
                                                 std::vector<AlbumId> ids) {
  std::unordered_set<AlbumId> allowed;
  if (auth.shared_link) {
    const AuthSharedLink& link = *auth.shared_link;
    if (link.album_id && LinkAllowsAlbum(link, permission)) allowed.insert(*link.album_id);
    co_return InOrder(ids, allowed);
  }
  pg::Params params{ids, auth.user.id, RolesFor(permission)};
  for (const pg::Row row : co_await db_.Run(sql::kAccessAlbumsByRole, std::move(params))) {
    allowed.insert(row.Get<AlbumId>(0));
  }
  co_return InOrder(ids, allowed);
}

Task<void> Access::RequireAlbums(const AuthContext& auth, Permission permission, std::vector<AlbumId> ids) {
  const std::size_t wanted = CountDistinct(ids);
  const auto allowed = co_await AllowedAlbums(auth, permission, std::move(ids));
  if (allowed.size() != wanted) ThrowNoAccess(permission);
}

Task<void> Access::RequireAlbum(const AuthContext& auth, Permission permission, AlbumId id) {
  std::vector<AlbumId> one{id};
  co_await RequireAlbums(auth, permission, std::move(one));
}

Task<void> Access::RequireTimeline(const AuthContext& auth, Permission permission, UserId owner) {
  if (!auth.is_visitor() && auth.user.id == owner) co_return;
  if (auth.is_visitor()) ThrowNoAccess(permission);
  pg::Params params{owner, auth.user.id};
  const pg::Result result = co_await db_.Run(sql::kAccessPartnerExists, std::move(params));
  if (result.empty()) ThrowNoAccess(permission);
}

Task<void> Access::RequirePerson(const AuthContext& auth, Permission permission, PersonId id) {
  if (auth.is_visitor()) ThrowNoAccess(permission);
  pg::Params params{id, auth.user.id};
  const pg::Result result = co_await db_.Run(sql::kAccessPersonOwned, std::move(params));
  if (result.empty()) ThrowNoAccess(permission);
}

Task<void> Access::RequireTag(const AuthContext& auth, Permission permission, TagId id) {
  if (auth.is_visitor()) ThrowNoAccess(permission);
  pg::Params params{id, auth.user.id};
  const pg::Result result = co_await db_.Run(sql::kAccessTagOwned, std::move(params));
  if (result.empty()) ThrowNoAccess(permission);
}

Task<void> Access::RequireStacks(const AuthContext& auth, Permission permission, std::vector<StackId> ids) {
  if (auth.is_visitor()) ThrowNoAccess(permission);
  const std::size_t wanted = CountDistinct(ids);
  pg::Params params{ids, auth.user.id};
  const pg::Result result = co_await db_.Run(sql::kAccessStacksOwned, std::move(params));
  if (result.size() != wanted) ThrowNoAccess(permission);
}

}  // namespace immich
