#pragma once

namespace immich {

struct FeatureContext;

/// Restoring from and emptying the trash.
void RegisterTrash(FeatureContext& context);

}  // namespace immich
