#pragma once

namespace immich {

struct FeatureContext;

/// Edits of pictures that leave the original alone: crop, rotate, mirror.
void RegisterAssetEdits(FeatureContext& context);

}  // namespace immich
