#pragma once

namespace immich {

struct FeatureContext;

/// GET /view/folder and /view/folder/unique-paths.
void RegisterViews(FeatureContext& context);

}  // namespace immich
