#pragma once

namespace immich {

struct FeatureContext;

/// Albums: making, filling, sharing.
void RegisterAlbums(FeatureContext& context);

}  // namespace immich
