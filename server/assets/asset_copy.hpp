#pragma once

#include "api/assets_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich {
class Access;
class JobSink;
namespace pg {
class Db;
class Pool;
}  // namespace pg
}  // namespace immich

namespace immich::assets {

/// PUT /assets/copy: gives an asset what belongs to another, the second half of "replace".
class AssetCopy {
 public:
  AssetCopy(pg::Pool& db, Access& access, JobSink& jobs) : db_(db), access_(access), jobs_(jobs) {}

  /// Throws BadRequest when both are the same.
  Task<void> Copy(const AuthContext& auth, api::AssetCopyDto request);

 private:
  static Task<void> CopyStack(pg::Db& db, AssetId source, AssetId target);
  Task<void> CopySidecar(AssetId source, AssetId target);

  pg::Pool& db_;
  Access& access_;
  JobSink& jobs_;
};

}  // namespace immich::assets
