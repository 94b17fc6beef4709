#pragma once

namespace immich {

struct FeatureContext;

/// Searches by facts.
void RegisterSearch(FeatureContext& context);

}  // namespace immich
