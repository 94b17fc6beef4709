#pragma once

namespace immich {

struct FeatureContext;

/// All of /queues and /jobs.
void RegisterQueues(FeatureContext& context);

}  // namespace immich
