#pragma once

namespace immich {

struct FeatureContext;

/// GET /map/markers and /map/reverse-geocode.
void RegisterMap(FeatureContext& context);

}  // namespace immich
