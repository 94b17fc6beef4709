#include "server/objects/object_service.hpp"

#include <algorithm>

#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/picture_edits.hpp"
#include "slice_objects_sql.hpp"

namespace immich::objects {

namespace {

// What is less certain is not kept.
constexpr double kMinScore = 0.25;

Task<void> Insert(pg::Db& db, AssetId asset, const ObjectReading& reading) {
  std::vector<std::string> labels;
  std::vector<double> scores, x1, y1, x2, y2;
  const double width = std::max(reading.image_width, 1);
  const double height = std::max(reading.image_height, 1);
  for (const FoundObject& object : reading.objects) {
    labels.push_back(object.label);
    scores.push_back(object.score);
    x1.push_back(std::clamp(object.box.x1 / width, 0.0, 1.0));
    y1.push_back(std::clamp(object.box.y1 / height, 0.0, 1.0));
    x2.push_back(std::clamp(object.box.x2 / width, 0.0, 1.0));
    y2.push_back(std::clamp(object.box.y2 / height, 0.0, 1.0));
  }
  pg::Params params{asset, labels, scores, x1, y1, x2, y2};
  co_await db.Run(sql::kObjectInsert, std::move(params));
}

}  // namespace

Task<std::vector<api::AssetObjectResponseDto>> ObjectView::List(const AuthContext& auth, AssetId asset) {
  co_await access_.RequireAsset(auth, api::Permission::kAssetRead, asset);
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kObjectList, std::move(params));
  PictureEdits edits;
  if (!rows.empty()) edits = co_await LoadPictureEdits(db_, asset);
  std::vector<api::AssetObjectResponseDto> objects;
  for (const pg::Row row : rows) {
    const PicturePoint from{row.Get<double>(3), row.Get<double>(4)};
    const PicturePoint to{row.Get<double>(5), row.Get<double>(6)};
    if (!edits.Shows({(from.x + to.x) / 2, (from.y + to.y) / 2})) continue;
    const PicturePoint a = edits.ToEdited(from);
    const PicturePoint b = edits.ToEdited(to);
    api::AssetObjectResponseDto& object = objects.emplace_back();
    object.id = row.Get<Uuid>(0);
    object.label = row.Get<std::string>(1);
    object.score = row.Get<double>(2);
    object.x1 = std::clamp(std::min(a.x, b.x), 0.0, 1.0);
    object.y1 = std::clamp(std::min(a.y, b.y), 0.0, 1.0);
    object.x2 = std::clamp(std::max(a.x, b.x), 0.0, 1.0);
    object.y2 = std::clamp(std::max(a.y, b.y), 0.0, 1.0);
  }
  co_return objects;
}

Task<std::vector<api::ObjectLabelResponseDto>> ObjectView::Labels(const AuthContext& auth) {
  std::vector<UserId> owners{auth.user.id};
  pg::Params partners{auth.user.id};
  for (const pg::Row row : co_await db_.Run(sql::kObjectPartnerList, std::move(partners))) {
    owners.push_back(row.Get<UserId>(0));
  }
  pg::Params params{owners};
  std::vector<api::ObjectLabelResponseDto> labels;
  for (const pg::Row row : co_await db_.Run(sql::kObjectLabelList, std::move(params))) {
    api::ObjectLabelResponseDto& label = labels.emplace_back();
    label.label = row.Get<std::string>(0);
    label.assets = row.Get<std::int64_t>(1);
  }
  co_return labels;
}

Task<JobResult> ObjectDetection::Detect(AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kObjectSourceGet, std::move(params));
  if (rows.empty() || rows[0].Get<std::string_view>(0) == "hidden") co_return JobResult::Skipped();
  if (rows[0].IsNull(1)) throw InternalError("no preview to look for things in");
  const ObjectReading reading = co_await ml_->FindObjects(rows[0].Get<std::string>(1), model_, kMinScore);
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params lock{asset};
    const pg::Result found = co_await tx.Run(sql::kObjectAssetLock, std::move(lock));
    if (found.empty()) co_return;
    pg::Params forget{asset};
    co_await tx.Run(sql::kObjectDelete, std::move(forget));
    if (!reading.objects.empty()) co_await Insert(tx, asset, reading);
    pg::Params done{asset, model_};
    co_await tx.Run(sql::kObjectDone, std::move(done));
  });
  co_return JobResult::Success();
}

Task<JobResult> ObjectDetection::QueueAll(bool all) {
  pg::Params params{all, model_};
  co_await EnqueueForEach(db_, jobs_, sql::kObjectAssetsList, std::move(params), "AssetDetectObjects");
  co_return JobResult::Success();
}

}  // namespace immich::objects
