#pragma once

namespace immich {

struct FeatureContext;

/// Partners: users who share their whole library.
void RegisterPartners(FeatureContext& context);

}  // namespace immich
