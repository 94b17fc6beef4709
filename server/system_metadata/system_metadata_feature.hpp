#pragma once

namespace immich {

struct FeatureContext;

/// All of /system-metadata.
void RegisterSystemMetadata(FeatureContext& context);

}  // namespace immich
