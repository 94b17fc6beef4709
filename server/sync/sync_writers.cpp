#include "server/sync/sync_writers.hpp"

#include "api/codec/contract_writer.hpp"
#include "api/sync_types.hpp"
#include "server/core/sync_view.hpp"
#include "server/sync/entity_shape.hpp"

namespace immich::sync {

using pg::Row;

Shape UserShape() {
  using User = api::SyncUserV1;
  return ShapeOf<&User::id, &User::name, &User::email, &User::avatar_color, &User::deleted_at, &User::has_profile_image,
                 &User::profile_changed_at>(
      R"(u.id, u.name, u.email, u."avatarColor", u."deletedAt", u."profileImagePath" <> '', u."profileChangedAt")");
}

Shape AuthUserShape() {
  using User = api::SyncAuthUserV1;
  return ShapeOf<&User::id, &User::name, &User::email, &User::avatar_color, &User::deleted_at, &User::has_profile_image,
                 &User::profile_changed_at, &User::is_admin, &User::pin_code, &User::oauth_id, &User::storage_label,
                 &User::quota_size_in_bytes, &User::quota_usage_in_bytes>(
      R"(u.id, u.name, u.email, u."avatarColor", u."deletedAt", u."profileImagePath" <> '', u."profileChangedAt",
u."isAdmin", u."pinCode", u."oauthId", u."storageLabel", u."quotaSizeInBytes", u."quotaUsageInBytes")");
}

Shape PartnerShape() {
  using Partner = api::SyncPartnerV1;
  return ShapeOf<&Partner::shared_by_id, &Partner::shared_with_id, &Partner::in_timeline>(
      R"(p."sharedById", p."sharedWithId", p."inTimeline")");
}

Shape AssetShape() {
  return {kSyncAssetColumns, [](std::string& out, const Row& row, UserId viewer) {
            api::SyncAssetV2 asset = ReadSyncAsset(row, 1);
            // Favourites are the owner's own business.
            asset.is_favorite = asset.is_favorite && asset.owner_id == viewer.value;
            api::Write(out, asset);
          }};
}

Shape ExifShape() {
  return {kSyncExifColumns, [](std::string& out, const Row& row, UserId) { api::Write(out, ReadSyncExif(row, 1)); }};
}

Shape AssetMetadataShape() {
  using Entry = api::SyncAssetMetadataV1;
  return ShapeOf<&Entry::asset_id, &Entry::key, &Entry::value>(R"(m."assetId", m.key, m.value)");
}

Shape EditShape() {
  using Edit = api::SyncAssetEditV1;
  return ShapeOf<&Edit::id, &Edit::asset_id, &Edit::action, &Edit::parameters, &Edit::sequence>(
      R"(d.id, d."assetId", d.action, d.parameters, d.sequence)");
}

Shape OcrShape() {
  using Text = api::SyncAssetOcrV1;
  return ShapeOf<&Text::id, &Text::asset_id, &Text::x1, &Text::y1, &Text::x2, &Text::y2, &Text::x3, &Text::y3,
                 &Text::x4, &Text::y4, &Text::box_score, &Text::text_score, &Text::text, &Text::is_visible>(
      R"(o.id, o."assetId", o.x1, o.y1, o.x2, o.y2, o.x3, o.y3, o.x4, o.y4, o."boxScore", o."textScore", o.text,
o."isVisible")");
}

Shape StackShape() {
  using Stack = api::SyncStackV1;
  return ShapeOf<&Stack::id, &Stack::created_at, &Stack::updated_at, &Stack::primary_asset_id, &Stack::owner_id>(
      R"(s.id, s."createdAt", s."updatedAt", s."primaryAssetId", s."ownerId")");
}

Shape AlbumV1Shape() {
  using Album = api::SyncAlbumV1;
  return ShapeOf<&Album::id, &Album::name, &Album::description, &Album::created_at, &Album::updated_at,
                 &Album::thumbnail_asset_id, &Album::is_activity_enabled, &Album::order, &Album::owner_id>(
      R"(al.id, al."albumName", al.description, al."createdAt", al."updatedAt", al."albumThumbnailAssetId"::text,
al."isActivityEnabled", al."order",
coalesce((SELECT o."userId" FROM album_user o WHERE o."albumId" = al.id AND o.role = 'owner'),
         '00000000-0000-0000-0000-000000000000'))");
}

Shape AlbumV2Shape() {
  using Album = api::SyncAlbumV2;
  return ShapeOf<&Album::id, &Album::name, &Album::description, &Album::created_at, &Album::updated_at,
                 &Album::thumbnail_asset_id, &Album::is_activity_enabled, &Album::order>(
      R"(al.id, al."albumName", al.description, al."createdAt", al."updatedAt", al."albumThumbnailAssetId"::text,
al."isActivityEnabled", al."order")");
}

Shape AlbumUserShape() {
  using Member = api::SyncAlbumUserV1;
  return ShapeOf<&Member::album_id, &Member::user_id, &Member::role>(R"(au."albumId", au."userId", au.role)");
}

Shape AlbumToAssetShape() {
  using Entry = api::SyncAlbumToAssetV1;
  return ShapeOf<&Entry::album_id, &Entry::asset_id>(R"(aa."albumId", aa."assetId")");
}

Shape MemoryShape() {
  using Memory = api::SyncMemoryV1;
  return ShapeOf<&Memory::id, &Memory::created_at, &Memory::updated_at, &Memory::deleted_at, &Memory::owner_id,
                 &Memory::type, &Memory::data, &Memory::is_saved, &Memory::memory_at, &Memory::seen_at,
                 &Memory::show_at, &Memory::hide_at>(
      R"(m.id, m."createdAt", m."updatedAt", m."deletedAt", m."ownerId", m.type, m.data, m."isSaved", m."memoryAt",
m."seenAt", m."showAt", m."hideAt")");
}

Shape MemoryToAssetShape() {
  using Entry = api::SyncMemoryAssetV1;
  return ShapeOf<&Entry::memory_id, &Entry::asset_id>(R"(ma."memoriesId", ma."assetId")");
}

Shape PersonShape() {
  using Person = api::SyncPersonV1;
  return ShapeOf<&Person::id, &Person::created_at, &Person::updated_at, &Person::owner_id, &Person::name,
                 &Person::birth_date, &Person::is_hidden, &Person::is_favorite, &Person::color, &Person::face_asset_id>(
      R"(p.id, p."createdAt", p."updatedAt", p."ownerId", p.name, p."birthDate", p."isHidden", p."isFavorite", p.color,
p."faceAssetId"::text)");
}

Shape FaceShape() {
  using Face = api::SyncAssetFaceV2;
  return ShapeOf<&Face::id, &Face::asset_id, &Face::person_id, &Face::image_width, &Face::image_height,
                 &Face::bounding_box_x1, &Face::bounding_box_y1, &Face::bounding_box_x2, &Face::bounding_box_y2,
                 &Face::source_type, &Face::is_visible, &Face::deleted_at>(
      R"(f.id, f."assetId", f."personId"::text, f."imageWidth", f."imageHeight", f."boundingBoxX1", f."boundingBoxY1",
f."boundingBoxX2", f."boundingBoxY2", f."sourceType", f."isVisible", f."deletedAt")");
}

Shape UserMetadataShape() {
  using Entry = api::SyncUserMetadataV1;
  return ShapeOf<&Entry::user_id, &Entry::key, &Entry::value>(R"(m."userId", m.key, m.value)");
}

}  // namespace immich::sync
