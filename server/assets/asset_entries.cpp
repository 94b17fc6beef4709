#include "server/assets/asset_entries.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

namespace {

using api::Permission;

api::AssetMetadataResponseDto ReadEntry(const pg::Row& row) {
  api::AssetMetadataResponseDto entry;
  entry.key = row.Get<std::string>(0);
  entry.value.text = row.Get<std::string>(1);
  entry.updated_at = row.Get<TimePoint>(2);
  return entry;
}

}  // namespace

Task<std::vector<api::AssetMetadataResponseDto>> AssetEntries::List(const AuthContext& auth, AssetId id) {
  co_await access_.RequireAsset(auth, Permission::kAssetRead, id);
  pg::Params params{id, nullptr};
  std::vector<api::AssetMetadataResponseDto> entries;
  for (const pg::Row row : co_await db_.Run(sql::kAssetMetadataList, std::move(params)))
    entries.push_back(ReadEntry(row));
  co_return entries;
}

Task<api::AssetMetadataResponseDto> AssetEntries::Get(const AuthContext& auth, AssetId id, std::string key) {
  co_await access_.RequireAsset(auth, Permission::kAssetRead, id);
  pg::Params params{id, key};
  const pg::Result found = co_await db_.Run(sql::kAssetMetadataList, std::move(params));
  if (found.empty()) throw BadRequest(fmt::format("Asset {} has no metadata with key \"{}\"", id.ToString(), key));
  co_return ReadEntry(found[0]);
}

Task<std::vector<api::AssetMetadataResponseDto>> AssetEntries::Set(const AuthContext& auth, AssetId id,
                                                                   std::vector<api::AssetMetadataUpsertItemDto> items) {
  std::vector<api::AssetMetadataBulkUpsertItemDto> many;
  for (auto& item : items) many.push_back({id.value, std::move(item.key), std::move(item.value)});
  // An empty list still tells strangers nothing.
  if (many.empty()) co_await access_.RequireAsset(auth, Permission::kAssetUpdate, id);
  std::vector<api::AssetMetadataResponseDto> entries;
  for (auto& stored : co_await SetMany(auth, std::move(many))) {
    entries.push_back({std::move(stored.key), stored.updated_at, std::move(stored.value)});
  }
  co_return entries;
}

Task<std::vector<api::AssetMetadataBulkResponseDto>> AssetEntries::SetMany(
    const AuthContext& auth, std::vector<api::AssetMetadataBulkUpsertItemDto> items) {
  std::vector<AssetId> ids;
  std::vector<std::string> keys, values;
  std::map<std::pair<Uuid, std::string>, std::size_t> position;
  for (auto& item : items) {
    if (!position.emplace(std::pair(item.asset_id, item.key), ids.size()).second) {
      throw BadRequest(fmt::format("Key \"{}\" is there twice", item.key));
    }
    ids.emplace_back(item.asset_id);
    keys.push_back(std::move(item.key));
    values.push_back(std::move(item.value.text));
  }
  co_await access_.RequireAssets(auth, Permission::kAssetUpdate, ids);
  std::vector<api::AssetMetadataBulkResponseDto> entries(ids.size());
  pg::Params params{ids, keys, values};
  const pg::Result stored = co_await db_.Run(sql::kAssetMetadataUpsert, std::move(params));
  for (const pg::Row row : stored) {
    api::AssetMetadataBulkResponseDto entry;
    entry.asset_id = row.Get<Uuid>(0);
    entry.key = row.Get<std::string>(1);
    entry.value.text = row.Get<std::string>(2);
    entry.updated_at = row.Get<TimePoint>(3);
    const std::size_t at = position.at(std::pair(entry.asset_id, entry.key));
    entries[at] = std::move(entry);
  }
  co_return entries;
}

Task<void> AssetEntries::Delete(const AuthContext& auth, std::vector<api::AssetMetadataBulkDeleteItemDto> items) {
  std::vector<AssetId> ids;
  std::vector<std::string> keys;
  for (auto& item : items) {
    ids.emplace_back(item.asset_id);
    keys.push_back(std::move(item.key));
  }
  co_await access_.RequireAssets(auth, Permission::kAssetUpdate, ids);
  pg::Params params{ids, keys};
  co_await db_.Run(sql::kAssetMetadataDelete, std::move(params));
}

}  // namespace immich::assets
