#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// Groups of assets that look alike.
void RegisterDuplicates(FeatureContext& context);
/// Jobs AssetDetectDuplicates and AssetDetectDuplicatesQueueAll.
void RegisterDuplicateJobs(WorkerContext& context);

}  // namespace immich
