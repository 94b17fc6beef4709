#include "api/codec/contract_enum.hpp"
#include "api/codec/contract_writer.hpp"
#include "api/sync_types.hpp"
#include "server/sync/sync_writers.hpp"

namespace immich::sync {

namespace {

using pg::Row;

}  // namespace

Shape UserDeleteShape() {
  return {R"(x."userId")", [](std::string& out, const Row& row, UserId) {
            api::SyncUserDeleteV1 gone;
            gone.user_id = row.Get<Uuid>(1);
            api::Write(out, gone);
          }};
}

Shape PartnerDeleteShape() {
  return {R"(x."sharedById", x."sharedWithId")", [](std::string& out, const Row& row, UserId) {
            api::SyncPartnerDeleteV1 gone;
            gone.shared_by_id = row.Get<Uuid>(1);
            gone.shared_with_id = row.Get<Uuid>(2);
            api::Write(out, gone);
          }};
}

Shape AssetDeleteShape() {
  return {R"(x."assetId")", [](std::string& out, const Row& row, UserId) {
            api::SyncAssetDeleteV1 gone;
            gone.asset_id = row.Get<Uuid>(1);
            api::Write(out, gone);
          }};
}

Shape AssetMetadataDeleteShape() {
  return {R"(x."assetId", x.key)", [](std::string& out, const Row& row, UserId) {
            api::SyncAssetMetadataDeleteV1 gone;
            gone.asset_id = row.Get<Uuid>(1);
            gone.key = row.Get<std::string>(2);
            api::Write(out, gone);
          }};
}

Shape EditDeleteShape() {
  return {R"(x."editId")", [](std::string& out, const Row& row, UserId) {
            api::SyncAssetEditDeleteV1 gone;
            gone.edit_id = row.Get<Uuid>(1);
            api::Write(out, gone);
          }};
}

Shape OcrDeleteShape() {
  return {R"(x.id, x."assetId", x."deletedAt")", [](std::string& out, const Row& row, UserId) {
            api::SyncAssetOcrDeleteV1 gone;
            gone.id = row.Get<Uuid>(1).ToString();
            gone.asset_id = row.Get<Uuid>(2).ToString();
            gone.deleted_at = row.Get<TimePoint>(3);
            api::Write(out, gone);
          }};
}

Shape StackDeleteShape() {
  return {R"(x."stackId")", [](std::string& out, const Row& row, UserId) {
            api::SyncStackDeleteV1 gone;
            gone.stack_id = row.Get<Uuid>(1);
            api::Write(out, gone);
          }};
}

Shape AlbumDeleteShape() {
  return {R"(x."albumId")", [](std::string& out, const Row& row, UserId) {
            api::SyncAlbumDeleteV1 gone;
            gone.album_id = row.Get<Uuid>(1);
            api::Write(out, gone);
          }};
}

Shape AlbumUserDeleteShape() {
  return {R"(x."albumId", x."userId")", [](std::string& out, const Row& row, UserId) {
            api::SyncAlbumUserDeleteV1 gone;
            gone.album_id = row.Get<Uuid>(1);
            gone.user_id = row.Get<Uuid>(2);
            api::Write(out, gone);
          }};
}

Shape AlbumToAssetDeleteShape() {
  return {R"(x."albumId", x."assetId")", [](std::string& out, const Row& row, UserId) {
            api::SyncAlbumToAssetDeleteV1 gone;
            gone.album_id = row.Get<Uuid>(1);
            gone.asset_id = row.Get<Uuid>(2);
            api::Write(out, gone);
          }};
}

Shape MemoryDeleteShape() {
  return {R"(x."memoryId")", [](std::string& out, const Row& row, UserId) {
            api::SyncMemoryDeleteV1 gone;
            gone.memory_id = row.Get<Uuid>(1);
            api::Write(out, gone);
          }};
}

Shape MemoryToAssetDeleteShape() {
  return {R"(x."memoryId", x."assetId")", [](std::string& out, const Row& row, UserId) {
            api::SyncMemoryAssetDeleteV1 gone;
            gone.memory_id = row.Get<Uuid>(1);
            gone.asset_id = row.Get<Uuid>(2);
            api::Write(out, gone);
          }};
}

Shape PersonDeleteShape() {
  return {R"(x."personId")", [](std::string& out, const Row& row, UserId) {
            api::SyncPersonDeleteV1 gone;
            gone.person_id = row.Get<Uuid>(1);
            api::Write(out, gone);
          }};
}

Shape FaceDeleteShape() {
  return {R"(x."assetFaceId")", [](std::string& out, const Row& row, UserId) {
            api::SyncAssetFaceDeleteV1 gone;
            gone.asset_face_id = row.Get<Uuid>(1);
            api::Write(out, gone);
          }};
}

Shape UserMetadataDeleteShape() {
  return {R"(x."userId", x.key)", [](std::string& out, const Row& row, UserId) {
            api::SyncUserMetadataDeleteV1 gone;
            gone.user_id = row.Get<Uuid>(1);
            gone.key = api::ParseEnum<api::UserMetadataKey>(row.Get<std::string_view>(2))
                           .value_or(api::UserMetadataKey::kPreferences);
            api::Write(out, gone);
          }};
}

}  // namespace immich::sync
