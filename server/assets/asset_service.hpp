#pragma once

#include <string>

#include "api/assets_api.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich {
class Access;
namespace pg {
class Pool;
}
}  // namespace immich

namespace immich::assets {

/// Reading assets and asking about them (facts: assets).
class AssetService {
 public:
  AssetService(pg::Pool& db, Access& access) : db_(db), access_(access) {}

  /// JSON of AssetResponseDto; for visitors of a link that hides metadata the reduced object.
  Task<std::string> Get(const AuthContext& auth, AssetId id);
  Task<api::AssetBulkUploadCheckResponseDto> CheckBulkUpload(const AuthContext& auth, api::AssetBulkUploadCheckDto request);
  Task<api::AssetStatsResponseDto> Statistics(const AuthContext& auth, api::GetAssetStatistics::Input filter);

 private:
  pg::Pool& db_;
  Access& access_;
};

}  // namespace immich::assets
