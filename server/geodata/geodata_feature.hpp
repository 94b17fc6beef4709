#pragma once

namespace immich {

struct WorkerContext;

/// Starts the import of places in the background; nothing waits for it.
void RegisterGeodataJobs(WorkerContext& context);

}  // namespace immich
