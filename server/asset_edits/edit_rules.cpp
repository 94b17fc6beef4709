#include "server/asset_edits/edit_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/codec/contract_enum.hpp"
#include "api/codec/issue_list.hpp"
#include "media/mime/media_types.hpp"
#include "platform/error/error.hpp"

namespace immich::asset_edits {

namespace {

using api::AssetEditAction;
using Item = api::AssetEditActionItemDto;

[[noreturn]] void Refuse(const std::string& reason) {
  api::ThrowIssue("edits", reason);
}

std::string CropParametersOf(const Item& item) {
  const auto* crop = std::get_if<api::CropParameters>(&item.parameters);
  if (crop == nullptr) Refuse("A crop needs x, y, width and height");
  return fmt::format(R"({{"x":{},"y":{},"width":{},"height":{}}})", crop->x, crop->y, crop->width, crop->height);
}

std::string RotateParametersOf(const Item& item) {
  const auto* rotate = std::get_if<api::RotateParameters>(&item.parameters);
  if (rotate == nullptr || rotate->angle % 90 != 0) Refuse("A rotation needs an angle of 0, 90, 180 or 270");
  return fmt::format(R"({{"angle":{}}})", rotate->angle);
}

std::string MirrorParametersOf(const Item& item) {
  const auto* mirror = std::get_if<api::MirrorParameters>(&item.parameters);
  if (mirror == nullptr) Refuse("Mirroring needs an axis");
  return fmt::format(R"({{"axis":"{}"}})", api::ToString(mirror->axis));
}

std::string ParametersOf(const Item& item) {
  switch (item.action) {
    case AssetEditAction::kCrop:
      return CropParametersOf(item);
    case AssetEditAction::kRotate:
      return RotateParametersOf(item);
    case AssetEditAction::kMirror:
      break;
  }
  return MirrorParametersOf(item);
}

}  // namespace

std::vector<StoredEdit> CheckEdits(const std::vector<Item>& edits) {
  std::vector<StoredEdit> stored;
  std::set<std::string> seen;
  for (const Item& item : edits) {
    StoredEdit edit{std::string(api::ToString(item.action)), ParametersOf(item)};
    if (item.action == AssetEditAction::kCrop && !stored.empty()) Refuse("The crop must be the first edit");
    const bool is_mirror = item.action == AssetEditAction::kMirror;
    if (!seen.insert(is_mirror ? edit.action + edit.parameters : edit.action).second) {
      Refuse(is_mirror ? "An axis is mirrored once only" : "Every action can be there once only");
    }
    stored.push_back(std::move(edit));
  }
  return stored;
}

void RequireEditable(const EditableAsset& asset, const std::vector<Item>& edits) {
  if (asset.is_video) throw BadRequest("Only images can be edited");
  if (asset.is_live_photo) throw BadRequest("Editing live photos is not supported");
  const media::MediaType* type = media::FindMediaTypeByPath(asset.original_path);
  const std::string_view extension = type == nullptr ? std::string_view{} : type->extension;
  if (asset.projection_type == "EQUIRECTANGULAR" || extension == ".insp") {
    throw BadRequest("Editing panorama images is not supported");
  }
  if (extension == ".gif") throw BadRequest("Editing GIF images is not supported");
  if (extension == ".svg") throw BadRequest("Editing SVG images is not supported");
  if (!asset.width || !asset.height) throw BadRequest("Asset dimensions are not available for editing");
  for (const Item& item : edits) {
    const auto* crop = std::get_if<api::CropParameters>(&item.parameters);
    if (crop == nullptr) continue;
    if (crop->x + crop->width > *asset.width || crop->y + crop->height > *asset.height) {
      throw BadRequest("Crop parameters are out of bounds");
    }
  }
}

}  // namespace immich::asset_edits
