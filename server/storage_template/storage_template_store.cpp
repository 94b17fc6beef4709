#include "server/storage_template/storage_template_store.hpp"

#include <algorithm>

#include "slice_storage_template_sql.hpp"

namespace immich::storage_template {

Task<std::optional<TemplateAsset>> StorageTemplateStore::FindAsset(AssetId asset, bool with_album_dates) {
  pg::Params params{asset, with_album_dates};
  const pg::Result rows = co_await db_.Run(sql::kStorageTemplateAssetGet, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  const pg::Row row = rows[0];
  TemplateAsset out;
  out.id = asset;
  out.owner = row.Get<UserId>(0);
  out.is_video = row.Get<std::string_view>(1) == "VIDEO";
  out.original_path = row.Get<std::string>(2);
  out.file_name = row.Get<std::string>(3);
  out.created_at = row.Get<TimePoint>(4);
  out.is_external = row.Get<bool>(5);
  if (const auto sha1 = row.Find<std::vector<std::uint8_t>>(6); sha1 && sha1->size() == crypto::Sha1Digest{}.size()) {
    std::copy_n(sha1->begin(), sha1->size(), out.sha1.emplace().begin());
  }
  out.live_video = row.Find<AssetId>(7);
  out.storage_label = row.Get<std::string>(8);
  out.size_bytes = row.Find<std::int64_t>(9);
  out.make = row.Get<std::string>(10);
  out.model = row.Get<std::string>(11);
  out.lens_model = row.Get<std::string>(12);
  out.sidecar_path = row.Find<std::string>(13);
  out.album_name = row.Find<std::string>(14);
  out.album_start = row.Find<TimePoint>(15);
  out.album_end = row.Find<TimePoint>(16);
  out.still = row.Find<AssetId>(17);
  co_return out;
}

Task<std::vector<AssetId>> StorageTemplateStore::ListAssets(AssetId last, int count) {
  pg::Params params{last, count};
  const pg::Result rows = co_await db_.Run(sql::kStorageTemplateAssetsList, std::move(params));
  std::vector<AssetId> ids;
  for (const pg::Row row : rows) ids.push_back(row.Get<AssetId>(0));
  co_return ids;
}

}  // namespace immich::storage_template
