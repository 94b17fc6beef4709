#include "api/sync_types.hpp"
#include "server/sync/entity_shape.hpp"
#include "server/sync/sync_writers.hpp"

namespace immich::sync {

Shape UserDeleteShape() {
  using Gone = api::SyncUserDeleteV1;
  return ShapeOf<&Gone::user_id>(R"(x."userId")");
}

Shape PartnerDeleteShape() {
  using Gone = api::SyncPartnerDeleteV1;
  return ShapeOf<&Gone::shared_by_id, &Gone::shared_with_id>(R"(x."sharedById", x."sharedWithId")");
}

Shape AssetDeleteShape() {
  using Gone = api::SyncAssetDeleteV1;
  return ShapeOf<&Gone::asset_id>(R"(x."assetId")");
}

Shape AssetMetadataDeleteShape() {
  using Gone = api::SyncAssetMetadataDeleteV1;
  return ShapeOf<&Gone::asset_id, &Gone::key>(R"(x."assetId", x.key)");
}

Shape EditDeleteShape() {
  using Gone = api::SyncAssetEditDeleteV1;
  return ShapeOf<&Gone::edit_id>(R"(x."editId")");
}

Shape OcrDeleteShape() {
  using Gone = api::SyncAssetOcrDeleteV1;
  return ShapeOf<&Gone::id, &Gone::asset_id, &Gone::deleted_at>(R"(x.id::text, x."assetId"::text, x."deletedAt")");
}

Shape StackDeleteShape() {
  using Gone = api::SyncStackDeleteV1;
  return ShapeOf<&Gone::stack_id>(R"(x."stackId")");
}

Shape AlbumDeleteShape() {
  using Gone = api::SyncAlbumDeleteV1;
  return ShapeOf<&Gone::album_id>(R"(x."albumId")");
}

Shape AlbumUserDeleteShape() {
  using Gone = api::SyncAlbumUserDeleteV1;
  return ShapeOf<&Gone::album_id, &Gone::user_id>(R"(x."albumId", x."userId")");
}

Shape AlbumToAssetDeleteShape() {
  using Gone = api::SyncAlbumToAssetDeleteV1;
  return ShapeOf<&Gone::album_id, &Gone::asset_id>(R"(x."albumId", x."assetId")");
}

Shape MemoryDeleteShape() {
  using Gone = api::SyncMemoryDeleteV1;
  return ShapeOf<&Gone::memory_id>(R"(x."memoryId")");
}

Shape MemoryToAssetDeleteShape() {
  using Gone = api::SyncMemoryAssetDeleteV1;
  return ShapeOf<&Gone::memory_id, &Gone::asset_id>(R"(x."memoryId", x."assetId")");
}

Shape PersonDeleteShape() {
  using Gone = api::SyncPersonDeleteV1;
  return ShapeOf<&Gone::person_id>(R"(x."personId")");
}

Shape FaceDeleteShape() {
  using Gone = api::SyncAssetFaceDeleteV1;
  return ShapeOf<&Gone::asset_face_id>(R"(x."assetFaceId")");
}

Shape UserMetadataDeleteShape() {
  using Gone = api::SyncUserMetadataDeleteV1;
  return ShapeOf<&Gone::user_id, &Gone::key>(R"(x."userId", x.key)");
}

}  // namespace immich::sync
