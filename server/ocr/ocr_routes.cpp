#include <memory>

#include "server/core/feature_context.hpp"
#include "server/core/job_data.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/worker_context.hpp"
#include "server/ocr/ocr_feature.hpp"
#include "server/ocr/ocr_service.hpp"

namespace immich {

void RegisterOcr(FeatureContext& context) {
  auto view = std::make_shared<ocr::OcrView>(context.db, context.access);
  context.routes.On<api::GetAssetOcr>(
      [view](Call& call, api::GetAssetOcr::Input in) -> Task<std::vector<api::AssetOcrResponseDto>> {
        co_return co_await view->List(call.auth, AssetId(in.id));
      });
}

void RegisterOcrJobs(WorkerContext& context) {
  auto service = std::make_shared<ocr::OcrService>(context.db, context.jobs, context.config, context.ml);
  context.handlers.On("Ocr", [service](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await service->Read(asset);
  });
  context.handlers.On("OcrQueueAll", [service](const queue::Job& job) -> Task<JobResult> {
    const bool all = ParseJobData(job.data).force.value_or(false);
    co_return co_await service->QueueAll(all);
  });
}

}  // namespace immich
