#pragma once

namespace immich {

struct FeatureContext;

/// Downloads of many assets as zip archives.
void RegisterDownload(FeatureContext& context);

}  // namespace immich
