#pragma once

namespace immich {

struct FeatureContext;

void RegisterApiKeys(FeatureContext& context);

}  // namespace immich
