#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// Memories: pictures of this day in earlier years.
void RegisterMemories(FeatureContext& context);
void RegisterMemoryJobs(WorkerContext& context);

}  // namespace immich
