#include "server/people/face_service.hpp"

#include <algorithm>
#include <cmath>

#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/picture_edits.hpp"
#include "server/people/person_service.hpp"
#include "slice_people_sql.hpp"

namespace immich::people {

namespace {

using api::Permission;

// Columns of face_list.sql.
enum Column : int { kId, kX1, kY1, kX2, kY2, kImageWidth, kImageHeight, kSource, kPersonOwner, kPerson };

std::int64_t Round(double value) {
  return std::llround(value);
}

/// The box in the picture as it is shown now.
void PlaceBox(const pg::Row& row, const PictureEdits& edits, api::AssetFaceResponseDto& face) {
  const double width = row.Get<int>(kImageWidth);
  const double height = row.Get<int>(kImageHeight);
  face.image_width = row.Get<int>(kImageWidth);
  face.image_height = row.Get<int>(kImageHeight);
  face.bounding_box_x1 = row.Get<int>(kX1);
  face.bounding_box_y1 = row.Get<int>(kY1);
  face.bounding_box_x2 = row.Get<int>(kX2);
  face.bounding_box_y2 = row.Get<int>(kY2);
  if (edits.empty() || width <= 0 || height <= 0) return;
  const PicturePoint a = edits.ToEdited({row.Get<int>(kX1) / width, row.Get<int>(kY1) / height});
  const PicturePoint b = edits.ToEdited({row.Get<int>(kX2) / width, row.Get<int>(kY2) / height});
  const auto [edited_width, edited_height] = edits.EditedSize(width, height);
  face.image_width = Round(edited_width);
  face.image_height = Round(edited_height);
  face.bounding_box_x1 = Round(std::min(a.x, b.x) * edited_width);
  face.bounding_box_y1 = Round(std::min(a.y, b.y) * edited_height);
  face.bounding_box_x2 = Round(std::max(a.x, b.x) * edited_width);
  face.bounding_box_y2 = Round(std::max(a.y, b.y) * edited_height);
}

}  // namespace

Task<std::vector<api::AssetFaceResponseDto>> FaceService::List(const AuthContext& auth, AssetId asset) {
  co_await access_.RequireAsset(auth, Permission::kAssetRead, asset);
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kFaceList, std::move(params));
  PictureEdits edits;
  if (!rows.empty()) edits = co_await LoadPictureEdits(db_, asset);
  std::vector<api::AssetFaceResponseDto> faces;
  for (const pg::Row row : rows) {
    api::AssetFaceResponseDto& face = faces.emplace_back();
    face.id = row.Get<Uuid>(kId);
    PlaceBox(row, edits, face);
    face.source_type = api::ParseEnum<api::SourceType>(row.Get<std::string_view>(kSource));
    const std::optional<UserId> owner = row.Find<UserId>(kPersonOwner);
    if (owner && *owner == auth.user.id) face.person = ReadPersonView(row, kPerson);
  }
  co_return faces;
}

Task<void> FaceService::Create(const AuthContext& auth, api::AssetFaceCreateDto face) {
  const AssetId asset(face.asset_id);
  const PersonId person(face.person_id);
  co_await access_.RequireAsset(auth, Permission::kAssetUpdate, asset);
  co_await access_.RequirePerson(auth, Permission::kPersonRead, person);
  const PictureEdits edits = co_await LoadPictureEdits(db_, asset);
  double width = static_cast<double>(face.image_width), height = static_cast<double>(face.image_height);
  double x1 = static_cast<double>(face.x), y1 = static_cast<double>(face.y);
  double x2 = x1 + static_cast<double>(face.width), y2 = y1 + static_cast<double>(face.height);
  if (!edits.empty() && width > 0 && height > 0) {
    const PicturePoint a = edits.ToOriginal({x1 / width, y1 / height});
    const PicturePoint b = edits.ToOriginal({x2 / width, y2 / height});
    // The size of the unedited picture at the scale the client looks at.
    const auto [shown_width, shown_height] = edits.EditedSize(1, 1);
    const bool is_turned = std::abs(edits.ToEdited({1, 0}).x - edits.ToEdited({0, 0}).x) < 1e-9;
    const double full_width = is_turned ? height / shown_height : width / shown_width;
    const double full_height = is_turned ? width / shown_width : height / shown_height;
    x1 = std::min(a.x, b.x) * full_width;
    y1 = std::min(a.y, b.y) * full_height;
    x2 = std::max(a.x, b.x) * full_width;
    y2 = std::max(a.y, b.y) * full_height;
    width = full_width;
    height = full_height;
  }
  pg::Params params{asset, person, Round(width), Round(height), Round(x1), Round(y1), Round(x2), Round(y2)};
  co_await db_.Run(sql::kFaceInsertManual, std::move(params));
  std::vector<PersonId> touched{person};
  co_await RenewFeatures(std::move(touched));
}

Task<std::optional<PersonId>> FaceService::RequireFace(const AuthContext& auth, Permission permission, FaceId face) {
  pg::Params params{face, auth.user.id};
  const pg::Result rows = co_await db_.Run(sql::kFaceOwned, std::move(params));
  if (rows.empty()) ThrowNoAccess(permission);
  co_return rows[0].Find<PersonId>(0);
}

Task<void> FaceService::RenewFeatures(std::vector<PersonId> people) {
  PersonStore store(db_);
  const std::vector<PersonId> renewed = co_await store.RenewFeatures(std::move(people));
  co_await QueuePersonThumbnails(jobs_, renewed);
}

Task<void> FaceService::Delete(const AuthContext& auth, FaceId face, bool force) {
  const std::optional<PersonId> person = co_await RequireFace(auth, Permission::kFaceDelete, face);
  pg::Params params{face};
  co_await db_.Run(force ? sql::kFaceDelete : sql::kFaceHide, std::move(params));
  if (!person) co_return;
  std::vector<PersonId> touched{*person};
  co_await RenewFeatures(std::move(touched));
}

Task<api::PersonResponseDto> FaceService::Assign(const AuthContext& auth, FaceId face, PersonId person) {
  co_await access_.RequirePerson(auth, Permission::kPersonUpdate, person);
  const std::optional<PersonId> before = co_await RequireFace(auth, Permission::kPersonCreate, face);
  pg::Params params{face, person};
  co_await db_.Run(sql::kFaceAssign, std::move(params));
  std::vector<PersonId> touched{person};
  if (before && *before != person) touched.push_back(*before);
  co_await RenewFeatures(std::move(touched));
  PersonStore store(db_);
  std::vector<PersonId> ids{person};
  std::vector<Person> found = co_await store.Find(std::move(ids), auth.user.id);
  if (found.empty()) ThrowNoAccess(Permission::kPersonUpdate);
  co_return std::move(found[0].view);
}

}  // namespace immich::people
