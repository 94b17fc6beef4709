#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "api/albums_api.hpp"
#include "api/map_types.hpp"
#include "api/shared_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/albums/album_store.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class Access;
class ClientEvents;
class JobSink;
}  // namespace immich

namespace immich::albums {

/// Rules of albums (facts: sharing, "Albums"): who may see, change, fill and share one.
class AlbumService {
 public:
  /// Facts: sharing, "Albums": members hear of new assets once things have been quiet for so long.
  static constexpr std::chrono::minutes kUpdateDelay{5};

  AlbumService(pg::Pool& db, Access& access, ClientEvents& events, JobSink& jobs)
      : db_(db), access_(access), events_(events), jobs_(jobs) {}

  Task<std::vector<api::AlbumResponseDto>> List(const AuthContext& auth, api::GetAllAlbums::Input input);
  Task<api::AlbumResponseDto> Get(const AuthContext& auth, AlbumId id);
  Task<api::AlbumStatisticsResponseDto> Statistics(const AuthContext& auth);
  Task<api::AlbumResponseDto> Create(const AuthContext& auth, api::CreateAlbumDto request);
  Task<api::AlbumResponseDto> Update(const AuthContext& auth, AlbumId id, api::UpdateAlbumDto request);
  Task<void> Delete(const AuthContext& auth, AlbumId id);

  Task<std::vector<api::BulkIdResponseDto>> AddAssets(const AuthContext& auth, AlbumId id, std::vector<Uuid> assets);
  Task<api::AlbumsAddAssetsResponseDto> AddAssetsToMany(const AuthContext& auth, api::AlbumsAddAssetsDto request);
  Task<std::vector<api::BulkIdResponseDto>> RemoveAssets(const AuthContext& auth, AlbumId id, std::vector<Uuid> assets);
  Task<std::vector<api::MapMarkerResponseDto>> MapMarkers(const AuthContext& auth, AlbumId id);

  Task<api::AlbumResponseDto> AddUsers(const AuthContext& auth, AlbumId id, std::vector<api::AlbumUserAddDto> users);
  /// `user`: an id, or `me`.
  Task<void> RemoveUser(const AuthContext& auth, AlbumId id, std::string user);
  Task<void> UpdateUser(const AuthContext& auth, AlbumId id, std::string user, api::AlbumUserRole role);

 private:
  struct Members;

  Task<void> AddMembers(std::vector<api::AlbumResponseDto>& albums, UserId viewer);
  Task<void> RepairCovers(std::vector<api::AlbumResponseDto>& albums);
  Task<Members> LoadMembers(AlbumId id, UserId viewer);
  Task<void> AnnounceUpdate(AlbumId id);
  Task<void> QueueInvitations(const AuthContext& auth, AlbumId id, const std::vector<UserId>& invited);
  Task<void> QueueUpdateNews(const AuthContext& auth, AlbumId id);

  pg::Pool& db_;
  Access& access_;
  ClientEvents& events_;
  JobSink& jobs_;
};

}  // namespace immich::albums
