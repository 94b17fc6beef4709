#include <memory>

#include "api/duplicates_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/job_data.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/worker_context.hpp"
#include "server/duplicates/duplicate_detection.hpp"
#include "server/duplicates/duplicate_feature.hpp"
#include "server/duplicates/duplicate_service.hpp"

namespace immich {

void RegisterDuplicates(FeatureContext& context) {
  auto service =
      std::make_shared<duplicates::DuplicateService>(context.db, context.config, context.jobs, context.events);
  context.routes.On<api::GetAssetDuplicates>(
      [service](Call& call, api::GetAssetDuplicates::Input) -> Task<std::vector<api::DuplicateResponseDto>> {
        co_return co_await service->List(call.auth);
      });
  context.routes.On<api::DeleteDuplicates>([service](Call& call, api::DeleteDuplicates::Input in) -> Task<void> {
    co_await service->Dismiss(call.auth, std::move(in.body.ids));
  });
  context.routes.On<api::DeleteDuplicate>([service](Call& call, api::DeleteDuplicate::Input in) -> Task<void> {
    std::vector<Uuid> one{in.id};
    co_await service->Dismiss(call.auth, std::move(one));
  });
  context.routes.On<api::ResolveDuplicates>(
      [service](Call& call, api::ResolveDuplicates::Input in) -> Task<std::vector<api::BulkIdResponseDto>> {
        co_return co_await service->Resolve(call.auth, std::move(in.body));
      });
}

void RegisterDuplicateJobs(WorkerContext& context) {
  auto detection = std::make_shared<duplicates::DuplicateDetection>(context.db, context.jobs, context.config);
  context.handlers.On("AssetDetectDuplicates", [detection](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await detection->Detect(asset);
  });
  context.handlers.On("AssetDetectDuplicatesQueueAll", [detection](const queue::Job& job) -> Task<JobResult> {
    const bool all = ParseJobData(job.data).force.value_or(false);
    co_return co_await detection->QueueAll(all);
  });
}

}  // namespace immich
