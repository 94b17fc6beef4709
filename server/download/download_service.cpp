#include "server/download/download_service.hpp"

#include <unordered_set>

#include "media/mime/media_types.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/core/storage_paths.hpp"
#include "slice_download_sql.hpp"

namespace immich::download {

namespace {

using api::Permission;

// Facts: assets, "Download": 4 GiB.
constexpr std::int64_t kDefaultArchiveBytes = 4LL * 1024 * 1024 * 1024;

std::vector<AssetId> ReadIds(const pg::Result& rows) {
  std::vector<AssetId> ids;
  for (const pg::Row row : rows) ids.push_back(row.Get<AssetId>(0));
  return ids;
}

std::vector<AssetId> ToAssetIds(const std::vector<Uuid>& ids) {
  std::vector<AssetId> out;
  for (const Uuid& id : ids) out.emplace_back(id);
  return out;
}

}  // namespace

Task<std::vector<AssetId>> DownloadService::Select(const AuthContext& auth, const api::DownloadInfoDto& request) {
  if (request.asset_ids) {
    std::vector<AssetId> ids = ToAssetIds(*request.asset_ids);
    co_await access_.RequireAssets(auth, Permission::kAssetDownload, ids);
    co_return ids;
  }
  if (request.album_id) {
    const AlbumId album(*request.album_id);
    co_await access_.RequireAlbum(auth, Permission::kAlbumDownload, album);
    pg::Params params{album};
    co_return ReadIds(co_await db_.Run(sql::kDownloadAlbumList, std::move(params)));
  }
  if (request.user_id) {
    const UserId user(*request.user_id);
    co_await access_.RequireTimeline(auth, Permission::kTimelineDownload, user);
    pg::Params params{user};
    co_return ReadIds(co_await db_.Run(sql::kDownloadUserList, std::move(params)));
  }
  throw BadRequest("assetIds, albumId, or userId is required");
}

Task<std::vector<DownloadService::Selected>> DownloadService::Load(std::vector<AssetId> ids, bool edited) {
  pg::Params params{ids, edited};
  std::vector<Selected> selected;
  for (const pg::Row row : co_await db_.Run(sql::kDownloadAssetList, std::move(params))) {
    Selected one;
    one.id = row.Get<AssetId>(0);
    one.name = row.Get<std::string>(1);
    one.path = row.Get<std::string>(2);
    one.bytes = row.Find<std::int64_t>(3).value_or(0);
    one.live_video = row.Find<AssetId>(4);
    selected.push_back(std::move(one));
  }
  co_return selected;
}

Task<DownloadService::Wishes> DownloadService::LoadWishes(const AuthContext& auth) {
  Wishes wishes{kDefaultArchiveBytes, false};
  pg::Params params{auth.user.id};
  const pg::Result found = co_await db_.Run(sql::kDownloadPreferenceGet, std::move(params));
  if (!found.empty()) {
    wishes.archive_bytes = found[0].Find<std::int64_t>(0).value_or(kDefaultArchiveBytes);
    wishes.with_embedded_videos = found[0].Get<bool>(1);
  }
  co_return wishes;
}

Task<void> DownloadService::AddLiveVideos(std::vector<Selected>& selected, bool with_embedded) {
  std::unordered_set<AssetId> known;
  for (const Selected& one : selected) known.insert(one.id);
  std::vector<AssetId> videos;
  for (const Selected& one : selected) {
    if (one.live_video && known.insert(*one.live_video).second) videos.push_back(*one.live_video);
  }
  if (videos.empty()) co_return;
  for (Selected& video : co_await Load(std::move(videos), false)) {
    if (with_embedded || !paths_.IsMotionVideo(video.path)) selected.push_back(std::move(video));
  }
}

Task<api::DownloadResponseDto> DownloadService::Plan(const AuthContext& auth, api::DownloadInfoDto request) {
  const Wishes wishes = co_await LoadWishes(auth);
  const std::int64_t limit = request.archive_size.value_or(wishes.archive_bytes);
  auto selected = co_await Load(co_await Select(auth, request), false);
  co_await AddLiveVideos(selected, wishes.with_embedded_videos);
  api::DownloadResponseDto response;
  api::DownloadArchiveInfo archive;
  for (const Selected& one : selected) {
    archive.size += one.bytes;
    archive.asset_ids.push_back(one.id.value);
    response.total_size += one.bytes;
    if (archive.size > limit) response.archives.push_back(std::exchange(archive, {}));
  }
  if (!archive.asset_ids.empty()) response.archives.push_back(std::move(archive));
  co_return response;
}

Task<std::vector<ZipEntry>> DownloadService::Collect(const AuthContext& auth, api::DownloadArchiveDto request) {
  std::vector<AssetId> ids = ToAssetIds(request.asset_ids);
  co_await access_.RequireAssets(auth, Permission::kAssetDownload, ids);
  const bool edited = request.edited.value_or(false) || auth.is_visitor();
  const auto selected = co_await Load(std::move(ids), edited);
  std::vector<std::string> names;
  for (const Selected& one : selected) {
    const std::string_view extension = media::FileExtension(one.name);
    const std::string base = one.name.substr(0, one.name.size() - extension.size());
    names.push_back(one.name.empty() ? one.name : base + std::string(media::FileExtension(one.path)));
  }
  names = UniqueNames(names);
  std::vector<ZipEntry> entries;
  for (std::size_t i = 0; i < selected.size(); ++i) entries.push_back({selected[i].path, std::move(names[i])});
  co_return entries;
}

}  // namespace immich::download
