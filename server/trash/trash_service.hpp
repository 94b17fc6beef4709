#pragma once

#include <cstdint>
#include <optional>
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

namespace immich::trash {

/// The trash (facts: assets, "Trash / delete"). Assets get there through DELETE /assets; purging is the job of assets.
class TrashService {
 public:
  TrashService(pg::Db& db, Access& access, JobSink& jobs, ClientEvents& events)
      : db_(db), access_(access), jobs_(jobs), events_(events) {}

  /// How many came back.
  Task<std::int64_t> RestoreAll(const AuthContext& auth);
  Task<std::int64_t> RestoreAssets(const AuthContext& auth, std::vector<AssetId> ids);
  /// How many will be purged.
  Task<std::int64_t> Empty(const AuthContext& auth);

 private:
  Task<std::int64_t> Restore(const AuthContext& auth, std::optional<std::vector<AssetId>> ids);

  pg::Db& db_;
  Access& access_;
  JobSink& jobs_;
  ClientEvents& events_;
};

}  // namespace immich::trash
