#pragma once

namespace immich {

struct FeatureContext;

/// /system-config, /admin/config, /config and /public/config.
void RegisterSystemConfig(FeatureContext& context);

}  // namespace immich
