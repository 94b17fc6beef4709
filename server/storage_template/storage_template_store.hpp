#pragma once

#include <optional>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/storage_template/template_asset.hpp"

namespace immich::storage_template {

class StorageTemplateStore {
 public:
  explicit StorageTemplateStore(pg::Db& db) : db_(db) {}

  Task<std::optional<TemplateAsset>> FindAsset(AssetId asset, bool with_album_dates);
  /// Ids after `last` in their order.
  Task<std::vector<AssetId>> ListAssets(AssetId last, int count);

 private:
  pg::Db& db_;
};

}  // namespace immich::storage_template
