#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// GET /assets/{id}/objects, GET /search/objects.
void RegisterObjects(FeatureContext& context);
/// Jobs AssetDetectObjects and AssetDetectObjectsQueueAll, where a model is set.
void RegisterObjectJobs(WorkerContext& context);

}  // namespace immich
