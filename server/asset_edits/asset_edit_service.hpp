#pragma once

#include "api/assets_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class Access;
class JobSink;
}  // namespace immich

namespace immich::asset_edits {

/// Edits of pictures (facts: assets, "Edits"). The edited files are made by the job AssetEditThumbnailGeneration.
class AssetEditService {
 public:
  AssetEditService(pg::Pool& db, Access& access, JobSink& jobs) : db_(db), access_(access), jobs_(jobs) {}

  /// In the order they apply.
  Task<api::AssetEditsResponseDto> Get(const AuthContext& auth, AssetId id);
  /// Replaces all edits. Throws BadRequest for assets that cannot be edited.
  Task<api::AssetEditsResponseDto> Replace(const AuthContext& auth, AssetId id, api::AssetEditsCreateDto request);
  /// Back to the original.
  Task<void> Remove(const AuthContext& auth, AssetId id);

 private:
  Task<api::AssetEditsResponseDto> Load(AssetId id);
  Task<void> QueueRendering(AssetId id);

  pg::Pool& db_;
  Access& access_;
  JobSink& jobs_;
};

}  // namespace immich::asset_edits
