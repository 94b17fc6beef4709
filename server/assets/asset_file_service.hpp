#pragma once

#include <string>
#include <vector>

#include "api/asset_files_api.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich {
class Access;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::assets {

/// The files the server keeps for an asset beside its original (3.2). They show paths, so only the owner sees them.
class AssetFileService {
 public:
  AssetFileService(pg::Db& db, Access& access) : db_(db), access_(access) {}

  Task<std::vector<api::AssetFileResponseDto>> Search(const AuthContext& auth, api::SearchAssetFiles::Input filter);
  /// Throws BadRequest without access of the kind of `permission`.
  Task<api::AssetFileResponseDto> Get(const AuthContext& auth, api::Permission permission, Uuid id);
  /// Row first, then the file.
  Task<void> Delete(const AuthContext& auth, Uuid id);

 private:
  pg::Db& db_;
  Access& access_;
};

}  // namespace immich::assets
