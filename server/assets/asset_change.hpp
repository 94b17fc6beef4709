#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/assets_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_sink.hpp"

namespace immich {
class Access;
class ClientEvents;
class StoragePaths;
namespace pg {
class Db;
class Pool;
}  // namespace pg
}  // namespace immich

namespace immich::assets {

/// Changes what users say of their assets (facts: assets, "Update"). What extraction also writes is locked until it is
/// in the sidecar, which job SidecarWrite sees to.
class AssetChange {
 public:
  AssetChange(pg::Pool& db, Access& access, JobSink& jobs, ClientEvents& events, const StoragePaths& paths)
      : db_(db), access_(access), jobs_(jobs), events_(events), paths_(paths) {}

  /// Throws ValidationError, BadRequest.
  Task<void> Update(const AuthContext& auth, AssetId id, api::UpdateAssetDto change);
  /// All or none.
  Task<void> UpdateMany(const AuthContext& auth, api::AssetBulkUpdateDto change);

 private:
  /// What both routes have in common, checked.
  struct Wanted;
  /// What there is to tell when a live photo was joined or parted.
  struct LivePhotoChange;

  static Wanted Check(const api::UpdateAssetDto& change);
  static Wanted Check(const api::AssetBulkUpdateDto& change);
  static Task<void> Store(pg::Db& db, const std::vector<AssetId>& ids, const Wanted& wanted);
  static Task<void> StoreExif(pg::Db& db, const std::vector<AssetId>& ids, const Wanted& wanted);
  Task<LivePhotoChange> StoreLiveVideo(pg::Db& db, UserId owner, AssetId still, std::optional<AssetId> video);
  Task<void> Announce(UserId owner, const LivePhotoChange& change);

  pg::Pool& db_;
  Access& access_;
  JobSink& jobs_;
  ClientEvents& events_;
  const StoragePaths& paths_;
};

}  // namespace immich::assets
