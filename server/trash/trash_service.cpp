#include "server/trash/trash_service.hpp"

#include "api/websocket_events.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_sink.hpp"
#include "slice_trash_sql.hpp"

namespace immich::trash {

Task<std::int64_t> TrashService::Restore(const AuthContext& auth, std::optional<std::vector<AssetId>> ids) {
  pg::Params params{auth.user.id, ids};
  std::vector<AssetId> restored;
  for (const pg::Row row : co_await db_.Run(sql::kTrashRestore, std::move(params))) {
    restored.push_back(row.Get<AssetId>(0));
  }
  if (!restored.empty()) {
    std::vector<std::string> payload{JsonIds(restored)};
    co_await events_.ToUser(auth.user.id, api::events::OnAssetRestore::kName, std::move(payload));
  }
  co_return static_cast<std::int64_t>(restored.size());
}

Task<std::int64_t> TrashService::RestoreAll(const AuthContext& auth) {
  co_return co_await Restore(auth, std::nullopt);
}

Task<std::int64_t> TrashService::RestoreAssets(const AuthContext& auth, std::vector<AssetId> ids) {
  if (ids.empty()) co_return 0;
  co_await access_.RequireAssets(auth, api::Permission::kAssetDelete, ids);
  co_return co_await Restore(auth, std::move(ids));
}

Task<std::int64_t> TrashService::Empty(const AuthContext& auth) {
  pg::Params params{auth.user.id};
  const pg::Result marked = co_await db_.Run(sql::kTrashEmpty, std::move(params));
  if (!marked.empty()) {
    std::vector<JobSink::Request> jobs;
    jobs.push_back({.name = "AssetEmptyTrash", .data = "{}", .options = {}});
    co_await jobs_.EnqueueOrLog(std::move(jobs));
  }
  co_return static_cast<std::int64_t>(marked.size());
}

}  // namespace immich::trash
