#pragma once

#include <optional>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/file_mover.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/storage_paths.hpp"
#include "server/storage_template/template_asset.hpp"

namespace immich {
class SystemConfig;
}

namespace immich::storage_template {

/// Moves originals to the places the storage template names (facts: storage-template).
class StorageTemplateService {
 public:
  StorageTemplateService(pg::Pool& db, SystemConfig& config, const StoragePaths& paths)
      : db_(db), config_(config), paths_(paths), mover_(db) {}

  /// The asset with its sidecar and, for a live photo, its other part. A file that cannot be moved stays where it is
  /// and is logged: thumbnails are made from there. Skipped when the engine is off or the asset is gone.
  Task<JobResult> MigrateOne(AssetId asset);
  /// All assets, then removes folders left empty.
  Task<JobResult> MigrateAll();
  /// Finishes moves a dead process left behind.
  Task<void> RecoverMoves() { return mover_.RecoverAll(); }

 private:
  Task<bool> Migrate(AssetId asset, const PathTemplate& path_template);
  Task<void> Place(TemplateAsset asset, const PathTemplate& path_template);
  /// Where the file is after the attempt.
  Task<std::string> PlaceOriginal(const TemplateAsset& asset, const PathTemplate& path_template);

  pg::Pool& db_;
  SystemConfig& config_;
  const StoragePaths& paths_;
  FileMover mover_;
};

}  // namespace immich::storage_template
