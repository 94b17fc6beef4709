#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

void RegisterSessions(FeatureContext& context);
void RegisterSessionJobs(WorkerContext& context);

}  // namespace immich
