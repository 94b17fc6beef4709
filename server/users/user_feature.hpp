#pragma once

namespace immich {

struct FeatureContext;

void RegisterUsers(FeatureContext& context);

}  // namespace immich
