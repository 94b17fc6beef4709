#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

void RegisterAdminUsers(FeatureContext& context);
void RegisterAdminUserJobs(WorkerContext& context);

}  // namespace immich
