#include <memory>

#include "server/core/job_data.hpp"
#include "server/core/worker_context.hpp"
#include "server/metadata/metadata_feature.hpp"
#include "server/metadata/metadata_service.hpp"
#include "server/metadata/sidecar_service.hpp"

namespace immich {

void RegisterMetadataJobs(WorkerContext& context) {
  auto metadata = std::make_shared<metadata::MetadataService>(context);
  auto sidecars = std::make_shared<metadata::SidecarService>(context.db, context.jobs, context.media);
  context.handlers.On("AssetExtractMetadata", [metadata](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await metadata->Extract(asset);
  });
  context.handlers.On("AssetExtractMetadataQueueAll", [metadata](const queue::Job& job) -> Task<JobResult> {
    const bool all = ParseJobData(job.data).force.value_or(false);
    co_return co_await metadata->QueueAll(all);
  });
  context.handlers.On("SidecarCheck", [sidecars](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await sidecars->Check(asset);
  });
  context.handlers.On("SidecarWrite", [sidecars](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await sidecars->Write(asset);
  });
  context.handlers.On("SidecarQueueAll", [sidecars](const queue::Job& job) -> Task<JobResult> {
    const bool all = ParseJobData(job.data).force.value_or(false);
    co_return co_await sidecars->QueueAll(all);
  });
}

}  // namespace immich
