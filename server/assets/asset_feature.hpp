#pragma once

namespace immich {

struct FeatureContext;

/// Upload, reading, changing, deleting and serving of assets.
void RegisterAssets(FeatureContext& context);

}  // namespace immich
