#pragma once

namespace immich {

struct FeatureContext;

/// Activities: comments and likes in albums.
void RegisterActivities(FeatureContext& context);

}  // namespace immich
