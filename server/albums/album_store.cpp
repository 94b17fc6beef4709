#include "server/albums/album_store.hpp"

#include "api/codec/contract_enum.hpp"
#include "server/core/user_view.hpp"
#include "slice_albums_sql.hpp"

namespace immich::albums {

namespace {

enum Column : int {
  kId,
  kName,
  kDescription,
  kCover,
  kCreatedAt,
  kUpdatedAt,
  kIsActivityEnabled,
  kOrder,
  kAssets,
  kStart,
  kEnd,
  kModified,
  kHasMembers,
  kHasLink
};

api::AlbumResponseDto ReadAlbum(const pg::Row& row) {
  api::AlbumResponseDto album;
  album.id = row.Get<Uuid>(kId);
  album.album_name = row.Get<std::string>(kName);
  album.description = row.Get<std::string>(kDescription);
  album.album_thumbnail_asset_id = row.Find<Uuid>(kCover);
  album.created_at = row.Get<TimePoint>(kCreatedAt);
  album.updated_at = row.Get<TimePoint>(kUpdatedAt);
  album.is_activity_enabled = row.Get<bool>(kIsActivityEnabled);
  album.order = api::ParseEnum<api::AssetOrder>(row.Get<std::string_view>(kOrder));
  album.asset_count = row.Get<std::int64_t>(kAssets);
  album.start_date = row.Find<TimePoint>(kStart);
  album.end_date = row.Find<TimePoint>(kEnd);
  album.last_modified_asset_timestamp = row.Find<TimePoint>(kModified);
  album.has_shared_link = row.Get<bool>(kHasLink);
  album.shared = row.Get<bool>(kHasMembers) || album.has_shared_link;
  return album;
}

}  // namespace

Task<std::vector<api::AlbumResponseDto>> AlbumStore::List(UserId user, AlbumFilter filter) {
  pg::Params params{user, filter.album, filter.asset, filter.is_owned, filter.is_shared, filter.name};
  std::vector<api::AlbumResponseDto> albums;
  for (const pg::Row row : co_await db_.Run(sql::kAlbumList, std::move(params))) albums.push_back(ReadAlbum(row));
  co_return albums;
}

Task<std::optional<api::AlbumResponseDto>> AlbumStore::Find(AlbumId id) {
  pg::Params params{id};
  const pg::Result found = co_await db_.Run(sql::kAlbumGet, std::move(params));
  co_return found.empty() ? std::nullopt : std::optional(ReadAlbum(found[0]));
}

Task<std::vector<AlbumMember>> AlbumStore::ListMembers(std::vector<AlbumId> albums, UserId viewer) {
  pg::Params params{albums, viewer};
  std::vector<AlbumMember> members;
  for (const pg::Row row : co_await db_.Run(sql::kAlbumMemberList, std::move(params))) {
    const auto role = api::ParseEnum<api::AlbumUserRole>(row.Get<std::string_view>(1));
    members.push_back({row.Get<AlbumId>(0), role.value_or(api::AlbumUserRole::kViewer), ReadUserView(row, 2)});
  }
  co_return members;
}

Task<std::vector<Contribution>> AlbumStore::ListContributions(AlbumId id) {
  pg::Params params{id};
  std::vector<Contribution> contributions;
  for (const pg::Row row : co_await db_.Run(sql::kAlbumContributorList, std::move(params))) {
    contributions.push_back({row.Get<UserId>(0), row.Get<std::int64_t>(1)});
  }
  co_return contributions;
}

Task<api::AlbumStatisticsResponseDto> AlbumStore::Statistics(UserId user) {
  pg::Params params{user};
  const pg::Result counted = co_await db_.Run(sql::kAlbumStatisticsGet, std::move(params));
  api::AlbumStatisticsResponseDto statistics;
  statistics.owned = counted[0].Get<std::int64_t>(0);
  statistics.shared = counted[0].Get<std::int64_t>(1);
  statistics.not_shared = counted[0].Get<std::int64_t>(2);
  co_return statistics;
}

Task<void> AlbumStore::Insert(NewAlbum album) {
  pg::Params params{album.id, album.name, album.description, album.cover, album.order, album.owner};
  co_await db_.Run(sql::kAlbumInsert, std::move(params));
}

Task<void> AlbumStore::Update(AlbumId id, AlbumChange change) {
  pg::Params params{id, change.name, change.description, change.cover, change.is_activity_enabled, change.order};
  co_await db_.Run(sql::kAlbumUpdate, std::move(params));
}

Task<void> AlbumStore::Delete(AlbumId id) {
  pg::Params params{id};
  co_await db_.Run(sql::kAlbumDelete, std::move(params));
}

Task<void> AlbumStore::Touch(AlbumId id) {
  pg::Params params{id};
  co_await db_.Run(sql::kAlbumTouch, std::move(params));
}

Task<std::vector<std::pair<AlbumId, std::optional<Uuid>>>> AlbumStore::RepairCovers(std::vector<AlbumId> albums) {
  pg::Params params{albums};
  std::vector<std::pair<AlbumId, std::optional<Uuid>>> repaired;
  for (const pg::Row row : co_await db_.Run(sql::kAlbumCoverRepair, std::move(params))) {
    repaired.emplace_back(row.Get<AlbumId>(0), row.Find<Uuid>(1));
  }
  co_return repaired;
}

Task<std::vector<AssetId>> AlbumStore::ListContained(AlbumId id, std::vector<AssetId> assets) {
  pg::Params params{id, assets};
  std::vector<AssetId> contained;
  for (const pg::Row row : co_await db_.Run(sql::kAlbumAssetList, std::move(params))) {
    contained.push_back(row.Get<AssetId>(0));
  }
  co_return contained;
}

Task<void> AlbumStore::InsertAssets(AlbumId id, std::vector<AssetId> assets) {
  pg::Params params{id, assets};
  co_await db_.Run(sql::kAlbumAssetInsert, std::move(params));
}

Task<void> AlbumStore::DeleteAssets(AlbumId id, std::vector<AssetId> assets) {
  pg::Params params{id, assets};
  co_await db_.Run(sql::kAlbumAssetDelete, std::move(params));
}

Task<pg::Result> AlbumStore::ListMapMarkers(AlbumId id) {
  pg::Params params{id};
  co_return co_await db_.Run(sql::kAlbumMapMarkerList, std::move(params));
}

Task<bool> AlbumStore::UserExists(UserId user) {
  pg::Params params{user};
  const pg::Result found = co_await db_.Run(sql::kAlbumUserExists, std::move(params));
  co_return !found.empty();
}

Task<bool> AlbumStore::InsertMember(AlbumId id, UserId user, api::AlbumUserRole role) {
  pg::Params params{id, user, api::ToString(role)};
  const pg::Result inserted = co_await db_.Run(sql::kAlbumUserInsert, std::move(params));
  co_return inserted.affected_rows() > 0;
}

Task<void> AlbumStore::UpdateRole(AlbumId id, UserId user, api::AlbumUserRole role) {
  pg::Params params{id, user, api::ToString(role)};
  co_await db_.Run(sql::kAlbumUserRoleUpdate, std::move(params));
}

Task<void> AlbumStore::DeleteMember(AlbumId id, UserId user) {
  pg::Params params{id, user};
  co_await db_.Run(sql::kAlbumUserDelete, std::move(params));
}

}  // namespace immich::albums
