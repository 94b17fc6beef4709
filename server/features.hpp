#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// Binds the routes of every slice (features.cpp: one line a slice).
void RegisterFeatures(FeatureContext& context);
/// Binds the job handlers of every slice.
void RegisterJobs(WorkerContext& context);

}  // namespace immich
