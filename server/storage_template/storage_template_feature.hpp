#pragma once

namespace immich {

struct WorkerContext;

/// Jobs StorageTemplateMigration, StorageTemplateMigrationSingle; finishes interrupted moves in the background.
void RegisterStorageTemplateJobs(WorkerContext& context);

}  // namespace immich
