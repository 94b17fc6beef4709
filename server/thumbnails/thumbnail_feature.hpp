#pragma once

namespace immich {

struct WorkerContext;

/// Jobs AssetGenerateThumbnails, AssetGenerateThumbnailsQueueAll.
void RegisterThumbnailJobs(WorkerContext& context);

}  // namespace immich
