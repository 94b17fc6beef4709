#pragma once

namespace immich {

struct FeatureContext;

/// GET /timeline/buckets and /timeline/bucket.
void RegisterTimeline(FeatureContext& context);

}  // namespace immich
