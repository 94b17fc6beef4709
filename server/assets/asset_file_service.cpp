#include "server/assets/asset_file_service.hpp"

#include <utility>

#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/core/pending_files.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

using api::Permission;

api::AssetFileResponseDto ReadFile(const pg::Row& row) {
  api::AssetFileResponseDto file;
  file.id = row.Get<Uuid>(0);
  file.type = api::ParseEnum<api::AssetFileType>(row.Get<std::string_view>(1)).value_or(api::AssetFileType::kThumbnail);
  file.path = row.Get<std::string>(2);
  file.is_edited = row.Get<bool>(3);
  file.is_progressive = row.Get<bool>(4);
  file.is_transparent = row.Get<bool>(5);
  file.created_at = row.Get<TimePoint>(6);
  file.updated_at = row.Get<TimePoint>(7);
  return file;
}

}  // namespace

Task<std::vector<api::AssetFileResponseDto>> AssetFileService::Search(const AuthContext& auth,
                                                                      api::SearchAssetFiles::Input filter) {
  co_await access_.RequireAsset(auth, Permission::kAssetFileRead, AssetId(filter.asset_id));
  const auto type = filter.type ? std::optional(std::string(api::ToString(*filter.type))) : std::nullopt;
  pg::Params params{filter.asset_id, type, filter.is_edited, filter.is_progressive, filter.is_transparent};
  std::vector<api::AssetFileResponseDto> files;
  for (const pg::Row row : co_await db_.Run(sql::kAssetFileList, std::move(params))) files.push_back(ReadFile(row));
  co_return files;
}

Task<api::AssetFileResponseDto> AssetFileService::Get(const AuthContext& auth, Permission permission, Uuid id) {
  pg::Params params{id};
  const pg::Result found = co_await db_.Run(sql::kAssetFileFind, std::move(params));
  if (found.empty()) ThrowNoAccess(permission);
  co_await access_.RequireAsset(auth, permission, found[0].Get<AssetId>(8));
  co_return ReadFile(found[0]);
}

Task<void> AssetFileService::Delete(const AuthContext& auth, Uuid id) {
  co_await Get(auth, Permission::kAssetFileDelete, id);
  pg::Params params{id};
  const pg::Result deleted = co_await db_.Run(sql::kAssetFileDelete, std::move(params));
  std::vector<std::string> files;
  for (const pg::Row row : deleted) files.push_back(row.Get<std::string>(0));
  co_await RemoveFiles(std::move(files));
}

}  // namespace immich::assets
