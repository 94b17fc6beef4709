#pragma once

#include <string_view>
#include <vector>

#include "api/route.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
}

namespace immich {

/// Who may do what with which entity (facts: auth, assets, sharing). API-key scopes are checked by the route binder;
/// here it is ownership, albums, partners and shared links. A refusal is 400, not 403 or 404:
/// Compat: `Not found or no <permission> access`.
class Access {
 public:
  explicit Access(pg::Db& db) : db_(db) {}

  /// The assets among `ids` that `auth` may use with `permission` (asset.read, asset.view, asset.download, asset.share,
  /// asset.update, asset.delete, asset.copy …), in the order given, without repeats.
  Task<std::vector<AssetId>> AllowedAssets(const AuthContext& auth, api::Permission permission,
                                           std::vector<AssetId> ids);
  /// Throws BadRequest unless all are allowed.
  Task<void> RequireAssets(const AuthContext& auth, api::Permission permission, std::vector<AssetId> ids);
  Task<void> RequireAsset(const AuthContext& auth, api::Permission permission, AssetId id);

  /// album.read, album.download: owner, members, the album's link. album.update, album.share, albumAsset.create,
  /// albumAsset.delete: owner and editors (albumAsset.create: also a link that allows uploads). album.delete: owner.
  Task<std::vector<AlbumId>> AllowedAlbums(const AuthContext& auth, api::Permission permission,
                                           std::vector<AlbumId> ids);
  Task<void> RequireAlbums(const AuthContext& auth, api::Permission permission, std::vector<AlbumId> ids);
  Task<void> RequireAlbum(const AuthContext& auth, api::Permission permission, AlbumId id);

  /// The caller's own timeline or that of a partner who shares with the caller.
  Task<void> RequireTimeline(const AuthContext& auth, api::Permission permission, UserId owner);
  Task<void> RequirePerson(const AuthContext& auth, api::Permission permission, PersonId id);
  Task<void> RequireTag(const AuthContext& auth, api::Permission permission, TagId id);
  Task<void> RequireStacks(const AuthContext& auth, api::Permission permission, std::vector<StackId> ids);

 private:
  pg::Db& db_;
};

/// Throws BadRequest with the documented text.
[[noreturn]] void ThrowNoAccess(api::Permission permission);

}  // namespace immich
