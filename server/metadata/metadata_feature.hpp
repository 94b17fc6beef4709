#pragma once

namespace immich {

struct WorkerContext;

/// Jobs AssetExtractMetadata, SidecarCheck, SidecarWrite and their QueueAll.
void RegisterMetadataJobs(WorkerContext& context);

}  // namespace immich
