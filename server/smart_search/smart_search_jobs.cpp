#include <memory>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "server/core/job_data.hpp"
#include "server/core/system_config.hpp"
#include "server/core/worker_context.hpp"
#include "server/smart_search/embedding_service.hpp"
#include "server/smart_search/smart_search_feature.hpp"

namespace immich {

namespace {

Task<void> FollowModel(std::shared_ptr<smart_search::EmbeddingService> service) {
  try {
    co_await service->AdoptModel();
  } catch (const Error& error) {
    log::Warn("SmartSearch", "The change of the model waits for the next job: {}", error.what());
  }
}

}  // namespace

void RegisterSmartSearchJobs(WorkerContext& context) {
  auto service = std::make_shared<smart_search::EmbeddingService>(context.db, context.jobs, context.config, context.ml);
  context.handlers.On("SmartSearch", [service](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await service->Encode(asset);
  });
  context.handlers.On("SmartSearchQueueAll", [service](const queue::Job& job) -> Task<JobResult> {
    const bool all = ParseJobData(job.data).force.value_or(false);
    co_return co_await service->QueueAll(all);
  });
  context.config.OnChange(
      [service, executor = context.executor](const api::AdminConfigDto& before, const api::AdminConfigDto& now) {
        if (before.machine_learning.clip.model_name == now.machine_learning.clip.model_name) return;
        Spawn(executor, "CLIP model", FollowModel(service));
      });
}

}  // namespace immich
