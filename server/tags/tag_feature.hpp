#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// Tags: the tree of paths and what carries them.
void RegisterTags(FeatureContext& context);
void RegisterTagJobs(WorkerContext& context);

}  // namespace immich
