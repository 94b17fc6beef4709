#pragma once

#include <vector>

#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"

namespace immich {
class Access;
class ClientEvents;
class JobSink;
namespace pg {
class Db;
}
}  // namespace immich

namespace immich::assets {

/// DELETE /assets: into the trash, or (`force`) straight to the purge.
class AssetRemoval {
 public:
  AssetRemoval(pg::Db& db, Access& access, JobSink& jobs, ClientEvents& events)
      : db_(db), access_(access), jobs_(jobs), events_(events) {}

  /// All or none. Forced deletions are final at once: nothing brings such an asset back, the purge follows.
  Task<void> Remove(const AuthContext& auth, std::vector<AssetId> ids, bool force);

 private:
  pg::Db& db_;
  Access& access_;
  JobSink& jobs_;
  ClientEvents& events_;
};

}  // namespace immich::assets
