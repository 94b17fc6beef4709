#pragma once

namespace immich {

struct WorkerContext;

/// Jobs FileMigrationQueueAll, AssetFileMigration, PersonFileMigration.
void RegisterFileMigrationJobs(WorkerContext& context);

}  // namespace immich
