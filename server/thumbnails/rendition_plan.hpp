#pragma once

#include <string>
#include <utility>
#include <vector>

#include "api/config_admin_types.hpp"
#include "media/worker/media_protocol.hpp"
#include "server/core/storage_paths.hpp"
#include "server/thumbnails/thumbnail_store.hpp"

namespace immich::thumbnails {

/// The crop and turn a list of edits comes down to.
struct CombinedEdits {
  std::optional<media::CropOrder> crop;
  /// EXIF number.
  int turn = 1;
};
/// Throws BadRequest for edits that are not of the documented form.
CombinedEdits CombineEdits(const std::vector<std::pair<std::string, std::string>>& edits);

/// Where the renditions of an asset belong.
struct RenditionTargets {
  std::string preview, thumbnail;
  /// Empty when none is made.
  std::string fullsize;
};

/// True when clients get a full-size picture instead of the original: browsers cannot show it and either the
/// configuration asks for it or it is a panorama; always for edited versions.
bool NeedsFullsize(const ThumbnailSource& source, const api::AdminConfigImageDto& config, bool is_edited);

RenditionTargets PlanTargets(const ThumbnailSource& source, AssetId asset, const api::AdminConfigImageDto& config,
                             const StoragePaths& paths, bool is_edited);

/// The order for a decoder, without the paths to write to. `edits` counts only for the edited version.
media::ThumbnailOrder PlanOrder(const ThumbnailSource& source, const api::AdminConfigImageDto& config, bool is_edited,
                                bool process_invalid);

}  // namespace immich::thumbnails
