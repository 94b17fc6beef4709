#pragma once

#include "platform/async/task.hpp"
#include "server/core/ids.hpp"

namespace immich::pg {
class Db;
}

namespace immich::assets {

/// Throws BadRequest with the documented text unless `video` can be the moving part of a live photo of `owner`.
Task<void> RequireLiveVideo(pg::Db& db, UserId owner, AssetId video);

}  // namespace immich::assets
