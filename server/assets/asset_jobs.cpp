#include <memory>

#include "server/assets/asset_feature.hpp"
#include "server/assets/asset_purge.hpp"
#include "server/core/worker_context.hpp"

namespace immich {

void RegisterAssetJobs(WorkerContext& context) {
  auto purge = std::make_shared<assets::AssetPurge>(context.db, context.jobs, context.events, context.config);
  context.handlers.On(
      "AssetDelete", [purge](const queue::Job& job) -> Task<JobResult> { co_return co_await purge->Delete(job.data); });
  context.handlers.On("AssetDeleteCheck",
                      [purge](const queue::Job&) -> Task<JobResult> { co_return co_await purge->QueueDue(); });
  context.handlers.On("AssetEmptyTrash",
                      [purge](const queue::Job&) -> Task<JobResult> { co_return co_await purge->QueueMarked(); });
  context.handlers.On("FileDelete", [purge](const queue::Job& job) -> Task<JobResult> {
    co_return co_await purge->DeleteFiles(job.data);
  });
}

}  // namespace immich
