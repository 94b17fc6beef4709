#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/assets_types.hpp"

namespace immich::asset_edits {

/// What decides whether an asset can be edited.
struct EditableAsset {
  bool is_video = false;
  bool is_live_photo = false;
  std::string original_path;
  std::optional<std::string> projection_type;
  /// Upright pixels of the original.
  std::optional<int> width, height;
};

/// One edit as it is stored.
struct StoredEdit {
  std::string action;
  /// JSON object.
  std::string parameters;
};

/// Checks the edits in themselves and gives the stored form: parameters fit their action, the crop comes first, every
/// action is there once (mirroring once for each axis). Throws ValidationError naming the edit.
std::vector<StoredEdit> CheckEdits(const std::vector<api::AssetEditActionItemDto>& edits);

/// Throws BadRequest with the reason when the asset cannot be edited, or not that way.
void RequireEditable(const EditableAsset& asset, const std::vector<api::AssetEditActionItemDto>& edits);

}  // namespace immich::asset_edits
