#include <memory>

#include "platform/config/environment.hpp"
#include "server/core/job_data.hpp"
#include "server/core/worker_context.hpp"
#include "server/thumbnails/thumbnail_feature.hpp"
#include "server/thumbnails/thumbnail_service.hpp"

namespace immich {

void RegisterThumbnailJobs(WorkerContext& context) {
  auto service =
      std::make_shared<thumbnails::ThumbnailService>(context.db, context.jobs, context.config, context.paths,
                                                     context.media, context.environment.process_invalid_images);
  context.handlers.On("AssetGenerateThumbnails", [service](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await service->Generate(asset);
  });
  // The same work: edits that are there are rendered, files of edits that are gone are removed.
  context.handlers.On("AssetEditThumbnailGeneration", [service](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await service->Generate(asset);
  });
  context.handlers.On("AssetGenerateThumbnailsQueueAll", [service](const queue::Job& job) -> Task<JobResult> {
    const bool all = ParseJobData(job.data).force.value_or(false);
    co_return co_await service->QueueAll(all);
  });
}

}  // namespace immich
