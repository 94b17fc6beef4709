#pragma once

#include <memory>
#include <utility>

#include "api/assets_api.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"
#include "server/core/library_cache.hpp"

namespace immich {
class Access;
class JobSink;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::assets {

/// Reading assets and asking about them (facts: assets).
class AssetService {
 public:
  AssetService(pg::Db& db, Access& access, JobSink& jobs, std::shared_ptr<LibraryCache> library)
      : db_(db), access_(access), jobs_(jobs), library_(std::move(library)) {}

  /// Visitors of a link that hides metadata get `hasMetadata` false, which is written in reduced form.
  Task<api::AssetResponseDto> Get(const AuthContext& auth, AssetId id);
  /// The same for who is known to have access.
  Task<api::AssetResponseDto> View(const AuthContext& auth, AssetId id);
  Task<void> RunJobs(const AuthContext& auth, api::AssetJobsDto request);
  Task<api::AssetBulkUploadCheckResponseDto> CheckBulkUpload(const AuthContext& auth,
                                                             api::AssetBulkUploadCheckDto request);
  /// JSON of AssetStatsResponseDto.
  Task<LibraryCache::Body> Statistics(const AuthContext& auth, api::GetAssetStatistics::Input filter);

 private:
  pg::Db& db_;
  Access& access_;
  JobSink& jobs_;
  std::shared_ptr<LibraryCache> library_;
};

}  // namespace immich::assets
