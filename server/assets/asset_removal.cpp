#include "server/assets/asset_removal.hpp"

#include <utility>

#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_sink.hpp"
#include "slice_assets_sql.hpp"

namespace immich::assets {

Task<void> AssetRemoval::Remove(const AuthContext& auth, std::vector<AssetId> ids, bool force) {
  co_await access_.RequireAssets(auth, api::Permission::kAssetDelete, ids);
  if (ids.empty()) co_return;
  pg::Params params{ids, force};
  co_await db_.Run(sql::kAssetTrash, std::move(params));
  if (force) {
    std::vector<JobSink::Request> jobs;
    jobs.push_back({.name = "AssetEmptyTrash", .data = "{}", .options = {}});
    co_await jobs_.EnqueueOrLog(std::move(jobs));
  } else {
    std::vector<std::string> arguments{JsonIds(ids)};
    co_await events_.ToUser(auth.user.id, "on_asset_trash", std::move(arguments));
  }
}

}  // namespace immich::assets
