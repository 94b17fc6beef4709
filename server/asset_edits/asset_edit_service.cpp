#include "server/asset_edits/asset_edit_service.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "api/codec/contract_enum.hpp"
#include "platform/json/json_parse.hpp"
#include "server/asset_edits/edit_rules.hpp"
#include "server/core/access.hpp"
#include "server/core/job_sink.hpp"
#include "slice_asset_edits_sql.hpp"

namespace immich::asset_edits {

namespace {

using api::Permission;

std::int64_t NumberOf(const boost::json::object& fields, std::string_view name) {
  const auto* value = fields.if_contains(name);
  boost::json::error_code error;
  return value == nullptr ? 0 : static_cast<std::int64_t>(value->to_number<double>(error));
}

api::AssetEditActionItemResponseDto ReadEdit(const pg::Row& row) {
  api::AssetEditActionItemResponseDto edit;
  edit.id = row.Get<Uuid>(0);
  edit.action =
      api::ParseEnum<api::AssetEditAction>(row.Get<std::string_view>(1)).value_or(api::AssetEditAction::kRotate);
  const json::Document document = json::Document::Parse(row.Get<std::string_view>(2));
  const boost::json::object& fields = document.root().as_object();
  if (edit.action == api::AssetEditAction::kCrop) {
    api::CropParameters crop;
    crop.x = NumberOf(fields, "x");
    crop.y = NumberOf(fields, "y");
    crop.width = NumberOf(fields, "width");
    crop.height = NumberOf(fields, "height");
    edit.parameters = crop;
  } else if (edit.action == api::AssetEditAction::kRotate) {
    api::RotateParameters rotate;
    rotate.angle = NumberOf(fields, "angle");
    edit.parameters = rotate;
  } else {
    const auto* axis = fields.if_contains("axis");
    const bool is_vertical = axis != nullptr && axis->is_string() && axis->get_string() == "vertical";
    api::MirrorParameters mirror;
    mirror.axis = is_vertical ? api::MirrorAxis::kVertical : api::MirrorAxis::kHorizontal;
    edit.parameters = mirror;
  }
  return edit;
}

Task<EditableAsset> LoadEditable(pg::Db& db, AssetId id) {
  pg::Params params{id};
  const pg::Result found = co_await db.Run(sql::kEditSourceGet, std::move(params));
  if (found.empty()) ThrowNoAccess(Permission::kAssetEditCreate);
  EditableAsset asset;
  asset.is_video = found[0].Get<std::string_view>(0) != "IMAGE";
  asset.is_live_photo = found[0].Get<bool>(1);
  asset.original_path = found[0].Get<std::string>(2);
  asset.projection_type = found[0].Find<std::string>(3);
  asset.width = found[0].Find<int>(4);
  asset.height = found[0].Find<int>(5);
  co_return asset;
}

}  // namespace

Task<api::AssetEditsResponseDto> AssetEditService::Load(AssetId id) {
  pg::Params params{id};
  api::AssetEditsResponseDto response;
  response.asset_id = id.value;
  for (const pg::Row row : co_await db_.Run(sql::kEditList, std::move(params))) {
    response.edits.push_back(ReadEdit(row));
  }
  co_return response;
}

Task<api::AssetEditsResponseDto> AssetEditService::Get(const AuthContext& auth, AssetId id) {
  co_await access_.RequireAsset(auth, Permission::kAssetRead, id);
  co_return co_await Load(id);
}

Task<void> AssetEditService::QueueRendering(AssetId id) {
  std::vector<JobSink::Request> jobs;
  jobs.push_back({.name = "AssetEditThumbnailGeneration", .data = JobDataWithId(id.value), .options = {}});
  co_await jobs_.EnqueueOrLog(std::move(jobs));
}

Task<api::AssetEditsResponseDto> AssetEditService::Replace(const AuthContext& auth, AssetId id,
                                                           api::AssetEditsCreateDto request) {
  co_await access_.RequireAsset(auth, Permission::kAssetEditCreate, id);
  const std::vector<StoredEdit> edits = CheckEdits(request.edits);
  RequireEditable(co_await LoadEditable(db_, id), request.edits);
  std::vector<std::string> actions, parameters;
  for (const StoredEdit& edit : edits) {
    actions.push_back(edit.action);
    parameters.push_back(edit.parameters);
  }
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params old{id};
    co_await tx.Run(sql::kEditDelete, std::move(old));
    pg::Params insert{id, actions, parameters};
    co_await tx.Run(sql::kEditInsert, std::move(insert));
    pg::Params show{id};
    co_await tx.Run(sql::kEditFacesShow, std::move(show));
    pg::Params show_text{id};
    co_await tx.Run(sql::kEditTextsShow, std::move(show_text));
  });
  co_await QueueRendering(id);
  co_return co_await Load(id);
}

Task<void> AssetEditService::Remove(const AuthContext& auth, AssetId id) {
  co_await access_.RequireAsset(auth, Permission::kAssetEditDelete, id);
  bool was_edited = false;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params params{id};
    was_edited = (co_await tx.Run(sql::kEditDelete, std::move(params))).affected_rows() > 0;
    if (!was_edited) co_return;
    pg::Params size{id};
    co_await tx.Run(sql::kEditSizeRestore, std::move(size));
    pg::Params show{id};
    co_await tx.Run(sql::kEditFacesShow, std::move(show));
    pg::Params show_text{id};
    co_await tx.Run(sql::kEditTextsShow, std::move(show_text));
  });
  if (was_edited) co_await QueueRendering(id);
}

}  // namespace immich::asset_edits
