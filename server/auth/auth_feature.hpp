#pragma once

namespace immich {

struct FeatureContext;

void RegisterAuth(FeatureContext& context);

}  // namespace immich
