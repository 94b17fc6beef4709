#include <memory>

#include "platform/async/event_loop.hpp"
#include "server/core/job_data.hpp"
#include "server/core/worker_context.hpp"
#include "server/storage_template/storage_template_feature.hpp"
#include "server/storage_template/storage_template_service.hpp"

namespace immich {

namespace {

Task<void> Recover(std::shared_ptr<storage_template::StorageTemplateService> service) {
  co_await service->RecoverMoves();
}

}  // namespace

void RegisterStorageTemplateJobs(WorkerContext& context) {
  auto service = std::make_shared<storage_template::StorageTemplateService>(context.db, context.config, context.paths);
  context.handlers.On("StorageTemplateMigrationSingle", [service](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await service->MigrateOne(asset);
  });
  context.handlers.On("StorageTemplateMigration",
                      [service](const queue::Job&) -> Task<JobResult> { co_return co_await service->MigrateAll(); });
  Spawn(context.executor, "unfinished moves", Recover(service));
}

}  // namespace immich
