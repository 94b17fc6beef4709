#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/albums_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"

namespace immich::albums {

/// What `GET /albums` filters by.
struct AlbumFilter {
  std::optional<AlbumId> album;
  /// Switches the other filters off.
  std::optional<AssetId> asset;
  std::optional<bool> is_owned;
  std::optional<bool> is_shared;
  std::optional<std::string> name;
};

struct NewAlbum {
  AlbumId id;
  std::string name;
  std::string description;
  std::optional<AssetId> cover;
  std::string order = "desc";
  UserId owner;
};

/// Absent members stay as they are.
struct AlbumChange {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<AssetId> cover;
  std::optional<bool> is_activity_enabled;
  std::optional<std::string> order;
};

struct AlbumMember {
  AlbumId album;
  api::AlbumUserRole role;
  api::UserResponseDto user;
};

struct Contribution {
  UserId user;
  std::int64_t assets;
};

/// album, album_asset, album_user.
class AlbumStore {
 public:
  explicit AlbumStore(pg::Db& db) : db_(db) {}

  /// Without members; newest first.
  Task<std::vector<api::AlbumResponseDto>> List(UserId user, AlbumFilter filter);
  Task<std::optional<api::AlbumResponseDto>> Find(AlbumId id);
  /// The owner first, then the viewer, then by name.
  Task<std::vector<AlbumMember>> ListMembers(std::vector<AlbumId> albums, UserId viewer);
  Task<std::vector<Contribution>> ListContributions(AlbumId id);
  Task<api::AlbumStatisticsResponseDto> Statistics(UserId user);

  Task<void> Insert(NewAlbum album);
  Task<void> Update(AlbumId id, AlbumChange change);
  Task<void> Delete(AlbumId id);
  Task<void> Touch(AlbumId id);
  /// Covers that had to change.
  Task<std::vector<std::pair<AlbumId, std::optional<Uuid>>>> RepairCovers(std::vector<AlbumId> albums);

  Task<std::vector<AssetId>> ListContained(AlbumId id, std::vector<AssetId> assets);
  Task<void> InsertAssets(AlbumId id, std::vector<AssetId> assets);
  Task<void> DeleteAssets(AlbumId id, std::vector<AssetId> assets);
  Task<pg::Result> ListMapMarkers(AlbumId id);

  Task<bool> UserExists(UserId user);
  /// False when the user is a member already.
  Task<bool> InsertMember(AlbumId id, UserId user, api::AlbumUserRole role);
  Task<void> UpdateRole(AlbumId id, UserId user, api::AlbumUserRole role);
  Task<void> DeleteMember(AlbumId id, UserId user);

 private:
  pg::Db& db_;
};

}  // namespace immich::albums
