#include "server/views/folder_view_service.hpp"

#include "platform/json/json_writer.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/asset_view.hpp"
#include "slice_views_sql.hpp"

namespace immich::views {

Task<LibraryCache::Body> FolderViewService::Folders(const AuthContext& auth) {
  const UserId user = auth.user.id;
  const auto compute = [this, user]() -> Task<std::string> {
    pg::Params params{user};
    const pg::Result rows = co_await db_.Run(sql::kFolderList, std::move(params));
    std::string out = "[";
    for (const pg::Row row : rows) {
      json::AppendString(out, row.Get<std::string_view>(0));
      out += ',';
    }
    json::EndArray(out);
    co_return out;
  };
  std::string key = "folders " + user.ToString();
  std::vector<UserId> owners{user};
  co_return co_await library_->Get(std::move(key), std::move(owners), compute);
}

Task<std::vector<api::AssetResponseDto>> FolderViewService::Assets(const AuthContext& auth, std::string folder) {
  while (folder.ends_with('/')) folder.pop_back();
  pg::Params params{auth.user.id, folder + "/"};
  std::vector<AssetId> ids;
  for (const pg::Row row : co_await db_.Run(sql::kFolderAssetList, std::move(params)))
    ids.push_back(row.Get<AssetId>(0));
  AssetViewOptions options;
  options.with_exif = true;
  co_return co_await LoadAssetViews(db_, auth, std::move(ids), options);
}

}  // namespace immich::views
