#pragma once

namespace immich {

struct FeatureContext;

/// Stacks: assets shown as one.
void RegisterStacks(FeatureContext& context);

}  // namespace immich
