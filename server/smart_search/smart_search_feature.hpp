#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// POST /search/smart.
void RegisterSmartSearch(FeatureContext& context);
/// Jobs SmartSearch and SmartSearchQueueAll.
void RegisterSmartSearchJobs(WorkerContext& context);

}  // namespace immich
