#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// Sync: what the phone apps keep a copy of.
void RegisterSync(FeatureContext& context);
void RegisterSyncJobs(WorkerContext& context);

}  // namespace immich
