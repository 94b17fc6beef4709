#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/shared_links_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class Access;
}

namespace immich::shared_links {

using Link = api::SharedLinkResponseDto;

/// Rules of shared links (facts: sharing, "Shared links").
class SharedLinkService {
 public:
  SharedLinkService(pg::Db& db, Access& access) : db_(db), access_(access) {}

  /// Newest first.
  Task<std::vector<Link>> List(const AuthContext& auth, api::GetAllSharedLinks::Input filter);
  Task<Link> Get(const AuthContext& auth, SharedLinkId id);
  Task<Link> Create(const AuthContext& auth, api::SharedLinkCreateDto request);
  Task<Link> Update(const AuthContext& auth, SharedLinkId id, api::SharedLinkEditDto change);
  Task<void> Delete(const AuthContext& auth, SharedLinkId id);
  /// For links to single assets. Throws BadRequest for album links.
  Task<std::vector<api::AssetIdsResponseDto>> AddAssets(const AuthContext& auth, SharedLinkId id,
                                                        std::vector<Uuid> assets);
  Task<std::vector<api::AssetIdsResponseDto>> RemoveAssets(const AuthContext& auth, SharedLinkId id,
                                                           std::vector<Uuid> assets);

  /// What a visitor sees. `tokens`: value of the cookie kCookie. Throws Unauthorized when the link has a password and
  /// its token is not among them, Forbidden when the request uses no link.
  Task<Link> GetMine(const AuthContext& auth, std::string_view tokens);
  /// The cookie's new value: `tokens` and the one of this link. Throws Unauthorized for a wrong password.
  std::string LogIn(const AuthContext& auth, std::string_view password, std::string_view tokens);

 private:
  Task<std::vector<Link>> Load(const AuthContext& auth, std::vector<SharedLinkId> ids);
  Task<Link> LoadOne(const AuthContext& auth, SharedLinkId id);
  Task<void> RequireOwn(const AuthContext& auth, api::Permission permission, SharedLinkId id);
  Task<void> RequireIndividual(SharedLinkId id);
  Task<std::vector<AssetId>> Contained(SharedLinkId id, const std::vector<Uuid>& assets);

  pg::Db& db_;
  Access& access_;
};

}  // namespace immich::shared_links
