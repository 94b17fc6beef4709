#include "server/core/album_view.hpp"

#include <unordered_map>

#include "core_sql.hpp"
#include "server/core/user_view.hpp"

namespace immich {

namespace {

api::AlbumResponseDto ReadAlbum(const pg::Row& row) {
  api::AlbumResponseDto album;
  album.id = row.Get<Uuid>("id");
  album.album_name = row.Get<std::string>("albumName");
  album.description = row.Get<std::string>("description");
  album.album_thumbnail_asset_id = row.Find<Uuid>("albumThumbnailAssetId");
  album.created_at = row.Get<TimePoint>("createdAt");
  album.updated_at = row.Get<TimePoint>("updatedAt");
  album.is_activity_enabled = row.Get<bool>("isActivityEnabled");
  album.order = api::ParseEnum<api::AssetOrder>(row.Get<std::string_view>("order"));
  album.asset_count = row.Get<std::int64_t>("assets");
  album.start_date = row.Find<TimePoint>("start_at");
  album.end_date = row.Find<TimePoint>("end_at");
  album.last_modified_asset_timestamp = row.Find<TimePoint>("modified_at");
  album.has_shared_link = row.Get<bool>("has_link");
  return album;
}

}  // namespace

Task<std::vector<api::AlbumResponseDto>> LoadAlbumViews(pg::Db& db, UserId viewer, std::vector<AlbumId> ids) {
  std::vector<api::AlbumResponseDto> albums;
  if (ids.empty()) co_return albums;
  pg::Params wanted{ids};
  for (const pg::Row row : co_await db.Run(sql::kAlbumViewList, std::move(wanted))) albums.push_back(ReadAlbum(row));
  std::unordered_map<Uuid, api::AlbumResponseDto*> by_id;
  for (auto& album : albums) by_id.emplace(album.id, &album);
  pg::Params members{ids, viewer};
  for (const pg::Row row : co_await db.Run(sql::kAlbumViewMembers, std::move(members))) {
    const auto album = by_id.find(row.Get<Uuid>(0));
    if (album == by_id.end()) continue;
    api::AlbumUserResponseDto& member = album->second->album_users.emplace_back();
    member.role =
        api::ParseEnum<api::AlbumUserRole>(row.Get<std::string_view>(1)).value_or(api::AlbumUserRole::kViewer);
    member.user = ReadUserView(row, 2);
  }
  for (auto& album : albums) album.shared = album.has_shared_link || album.album_users.size() > 1;
  co_return albums;
}

}  // namespace immich
