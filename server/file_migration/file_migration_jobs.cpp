#include <memory>

#include "server/core/job_data.hpp"
#include "server/core/worker_context.hpp"
#include "server/file_migration/file_migration_feature.hpp"
#include "server/file_migration/file_migration_service.hpp"

namespace immich {

void RegisterFileMigrationJobs(WorkerContext& context) {
  auto service =
      std::make_shared<file_migration::FileMigrationService>(context.db, context.jobs, context.queues, context.paths);
  context.handlers.On("FileMigrationQueueAll",
                      [service](const queue::Job&) -> Task<JobResult> { co_return co_await service->QueueAll(); });
  context.handlers.On("AssetFileMigration", [service](const queue::Job& job) -> Task<JobResult> {
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await service->MigrateAsset(asset);
  });
  context.handlers.On("PersonFileMigration", [service](const queue::Job& job) -> Task<JobResult> {
    const PersonId person(ParseEntityJobData(job.data).id);
    co_return co_await service->MigratePerson(person);
  });
}

}  // namespace immich
