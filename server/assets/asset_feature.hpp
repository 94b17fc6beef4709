#pragma once

namespace immich {

struct FeatureContext;
struct WorkerContext;

/// Upload, reading, changing, deleting and serving of assets.
void RegisterAssets(FeatureContext& context);
/// Jobs AssetDelete, AssetDeleteCheck, AssetEmptyTrash, FileDelete.
void RegisterAssetJobs(WorkerContext& context);

}  // namespace immich
