#include "server/sync/sync_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace immich::sync {

namespace {

using Type = api::SyncRequestType;
using Kind = Step::Kind;

constexpr std::string_view kAuditId = "x.id";

Step Changes(Entity entity, Shape shape, std::string_view cursor, std::string_view source) {
  return {.kind = Kind::kChanges, .entity = entity, .query = {shape, cursor, source}};
}

Step Deletes(Entity entity, Shape shape, std::string_view source) {
  return Changes(entity, shape, kAuditId, source);
}

Step FillIn(Entity entity, Entity main, Backfill backfill, Shape shape, std::string_view cursor,
            std::string_view source) {
  return {
      .kind = Kind::kBackfill, .entity = entity, .query = {shape, cursor, source}, .backfill = backfill, .other = main};
}

Step AlbumUpdates(Entity entity, Entity creates, Shape shape, std::string_view cursor, std::string_view source) {
  return {.kind = Kind::kAlbumUpdates, .entity = entity, .query = {shape, cursor, source}, .other = creates};
}

Step AlbumCreates(Entity entity, Entity updates, Shape shape, std::string_view source) {
  return {
      .kind = Kind::kAlbumCreates, .entity = entity, .query = {shape, R"(aa."updateId")", source}, .other = updates};
}

std::vector<Handler> Accounts() {
  return {
      {Type::kAuthUsersV1,
       {Changes(Entity::kAuthUserV1, AuthUserShape(), R"(u."updateId")", R"("user" u WHERE u.id = $1)")}},
      {Type::kUsersV1,
       {Deletes(Entity::kUserDeleteV1, UserDeleteShape(), "user_audit x WHERE $1::uuid IS NOT NULL"),
        Changes(Entity::kUserV1, UserShape(), R"(u."updateId")", R"("user" u WHERE $1::uuid IS NOT NULL)")}},
      {Type::kPartnersV1,
       {Deletes(Entity::kPartnerDeleteV1, PartnerDeleteShape(),
                R"(partner_audit x WHERE (x."sharedById" = $1 OR x."sharedWithId" = $1))"),
        Changes(Entity::kPartnerV1, PartnerShape(), R"(p."updateId")",
                R"(partner p WHERE (p."sharedById" = $1 OR p."sharedWithId" = $1))")}},
  };
}

std::vector<Handler> OwnAndPartnerAssets() {
  return {
      {Type::kAssetsV2,
       {Deletes(Entity::kAssetDeleteV1, AssetDeleteShape(), R"(asset_audit x WHERE x."ownerId" = $1)"),
        Changes(Entity::kAssetV2, AssetShape(), R"(a."updateId")", R"(asset a WHERE a."ownerId" = $1)")}},
      {Type::kStacksV1,
       {Deletes(Entity::kStackDeleteV1, StackDeleteShape(), R"(stack_audit x WHERE x."userId" = $1)"),
        Changes(Entity::kStackV1, StackShape(), R"(s."updateId")", R"(stack s WHERE s."ownerId" = $1)")}},
      {Type::kPartnerAssetsV2,
       {Deletes(Entity::kPartnerAssetDeleteV1, AssetDeleteShape(), R"(asset_audit x
WHERE x."ownerId" IN (SELECT "sharedById" FROM partner WHERE "sharedWithId" = $1))"),
        FillIn(Entity::kPartnerAssetBackfillV2, Entity::kPartnerAssetV2, Backfill::kPartners, AssetShape(),
               R"(a."updateId")", R"(asset a WHERE a."ownerId" = $1)"),
        Changes(Entity::kPartnerAssetV2, AssetShape(), R"(a."updateId")", R"(asset a
WHERE a."ownerId" IN (SELECT "sharedById" FROM partner WHERE "sharedWithId" = $1))")}},
      {Type::kPartnerStacksV1,
       {Deletes(Entity::kPartnerStackDeleteV1, StackDeleteShape(), R"(stack_audit x
WHERE x."userId" IN (SELECT "sharedById" FROM partner WHERE "sharedWithId" = $1))"),
        FillIn(Entity::kPartnerStackBackfillV1, Entity::kPartnerStackV1, Backfill::kPartners, StackShape(),
               R"(s."updateId")", R"(stack s WHERE s."ownerId" = $1)"),
        Changes(Entity::kPartnerStackV1, StackShape(), R"(s."updateId")", R"(stack s
WHERE s."ownerId" IN (SELECT "sharedById" FROM partner WHERE "sharedWithId" = $1))")}},
  };
}

std::vector<Handler> Albums() {
  constexpr std::string_view kMine =
      R"(album al WHERE al.id IN (SELECT "albumId" FROM album_user WHERE "userId" = $1))";
  constexpr std::string_view kGone = R"(album_audit x WHERE x."userId" = $1)";
  return {
      {Type::kAlbumAssetsV2,
       {FillIn(Entity::kAlbumAssetBackfillV2, Entity::kAlbumAssetCreateV2, Backfill::kAlbums, AssetShape(),
               R"(aa."updateId")", R"(album_asset aa JOIN asset a ON a.id = aa."assetId" WHERE aa."albumId" = $1)"),
        AlbumUpdates(
            Entity::kAlbumAssetUpdateV2, Entity::kAlbumAssetCreateV2, AssetShape(), R"(a."updateId")",
            R"(asset a WHERE EXISTS (SELECT FROM album_asset aa JOIN album_user au ON au."albumId" = aa."albumId"
WHERE aa."assetId" = a.id AND au."userId" = $1 AND aa."updateId" <= $5))"),
        AlbumCreates(Entity::kAlbumAssetCreateV2, Entity::kAlbumAssetUpdateV2, AssetShape(),
                     R"(album_asset aa JOIN asset a ON a.id = aa."assetId"
WHERE aa."albumId" IN (SELECT "albumId" FROM album_user WHERE "userId" = $1))")}},
      {Type::kAlbumsV1,
       {Deletes(Entity::kAlbumDeleteV1, AlbumDeleteShape(), kGone),
        Changes(Entity::kAlbumV1, AlbumV1Shape(), R"(al."updateId")", kMine)}},
      {Type::kAlbumsV2,
       {Deletes(Entity::kAlbumDeleteV1, AlbumDeleteShape(), kGone),
        Changes(Entity::kAlbumV2, AlbumV2Shape(), R"(al."updateId")", kMine)}},
      {Type::kAlbumUsersV1,
       {Deletes(Entity::kAlbumUserDeleteV1, AlbumUserDeleteShape(), R"(album_user_audit x
WHERE x."albumId" IN (SELECT "albumId" FROM album_user WHERE "userId" = $1))"),
        FillIn(Entity::kAlbumUserBackfillV1, Entity::kAlbumUserV1, Backfill::kAlbums, AlbumUserShape(),
               R"(au."updateId")", R"(album_user au WHERE au."albumId" = $1)"),
        Changes(Entity::kAlbumUserV1, AlbumUserShape(), R"(au."updateId")", R"(album_user au
WHERE au."albumId" IN (SELECT "albumId" FROM album_user WHERE "userId" = $1))")}},
      {Type::kAlbumToAssetsV1,
       {Deletes(Entity::kAlbumToAssetDeleteV1, AlbumToAssetDeleteShape(), R"(album_asset_audit x
WHERE x."albumId" IN (SELECT "albumId" FROM album_user WHERE "userId" = $1))"),
        FillIn(Entity::kAlbumToAssetBackfillV1, Entity::kAlbumToAssetV1, Backfill::kAlbums, AlbumToAssetShape(),
               R"(aa."updateId")", R"(album_asset aa WHERE aa."albumId" = $1)"),
        Changes(Entity::kAlbumToAssetV1, AlbumToAssetShape(), R"(aa."updateId")", R"(album_asset aa
WHERE aa."albumId" IN (SELECT "albumId" FROM album_user WHERE "userId" = $1))")}},
  };
}

std::vector<Handler> Details() {
  return {
      {Type::kAssetExifsV1,
       {Changes(Entity::kAssetExifV1, ExifShape(), R"(e."updateId")",
                R"(asset_exif e JOIN asset a ON a.id = e."assetId" WHERE a."ownerId" = $1)")}},
      {Type::kAlbumAssetExifsV1,
       {FillIn(Entity::kAlbumAssetExifBackfillV1, Entity::kAlbumAssetExifCreateV1, Backfill::kAlbums, ExifShape(),
               R"(aa."updateId")",
               R"(album_asset aa JOIN asset_exif e ON e."assetId" = aa."assetId" WHERE aa."albumId" = $1)"),
        AlbumUpdates(Entity::kAlbumAssetExifUpdateV1, Entity::kAlbumAssetExifCreateV1, ExifShape(), R"(e."updateId")",
                     R"(asset_exif e WHERE EXISTS (SELECT FROM album_asset aa JOIN album_user au
ON au."albumId" = aa."albumId" WHERE aa."assetId" = e."assetId" AND au."userId" = $1 AND aa."updateId" <= $5))"),
        AlbumCreates(Entity::kAlbumAssetExifCreateV1, Entity::kAlbumAssetExifUpdateV1, ExifShape(),
                     R"(album_asset aa JOIN asset_exif e ON e."assetId" = aa."assetId"
WHERE aa."albumId" IN (SELECT "albumId" FROM album_user WHERE "userId" = $1))")}},
      {Type::kAssetOcrV1,
       {Deletes(Entity::kAssetOcrDeleteV1, OcrDeleteShape(),
                R"(asset_ocr_audit x JOIN asset a ON a.id = x."assetId" WHERE a."ownerId" = $1)"),
        Changes(Entity::kAssetOcrV1, OcrShape(), R"(o."updateId")",
                R"(asset_ocr o JOIN asset a ON a.id = o."assetId" WHERE a."ownerId" = $1)")}},
      {Type::kPartnerAssetExifsV1,
       {FillIn(Entity::kPartnerAssetExifBackfillV1, Entity::kPartnerAssetExifV1, Backfill::kPartners, ExifShape(),
               R"(e."updateId")", R"(asset_exif e JOIN asset a ON a.id = e."assetId" WHERE a."ownerId" = $1)"),
        Changes(Entity::kPartnerAssetExifV1, ExifShape(), R"(e."updateId")",
                R"(asset_exif e JOIN asset a ON a.id = e."assetId"
WHERE a."ownerId" IN (SELECT "sharedById" FROM partner WHERE "sharedWithId" = $1))")}},
  };
}

std::vector<Handler> Rest() {
  return {
      {Type::kMemoriesV1,
       {Deletes(Entity::kMemoryDeleteV1, MemoryDeleteShape(), R"(memory_audit x WHERE x."userId" = $1)"),
        Changes(Entity::kMemoryV1, MemoryShape(), R"(m."updateId")", R"(memory m WHERE m."ownerId" = $1)")}},
      {Type::kMemoryToAssetsV1,
       {Deletes(Entity::kMemoryToAssetDeleteV1, MemoryToAssetDeleteShape(), R"(memory_asset_audit x
WHERE x."memoryId" IN (SELECT id FROM memory WHERE "ownerId" = $1))"),
        Changes(Entity::kMemoryToAssetV1, MemoryToAssetShape(), R"(ma."updateId")", R"(memory_asset ma
WHERE ma."memoriesId" IN (SELECT id FROM memory WHERE "ownerId" = $1))")}},
      {Type::kPeopleV1,
       {Deletes(Entity::kPersonDeleteV1, PersonDeleteShape(), R"(person_audit x WHERE x."ownerId" = $1)"),
        Changes(Entity::kPersonV1, PersonShape(), R"(p."updateId")", R"(person p WHERE p."ownerId" = $1)")}},
      {Type::kAssetFacesV2,
       {Deletes(Entity::kAssetFaceDeleteV1, FaceDeleteShape(),
                R"(asset_face_audit x JOIN asset a ON a.id = x."assetId" WHERE a."ownerId" = $1)"),
        Changes(Entity::kAssetFaceV2, FaceShape(), R"(f."updateId")",
                R"(asset_face f JOIN asset a ON a.id = f."assetId" WHERE a."ownerId" = $1)")}},
      {Type::kUserMetadataV1,
       {Deletes(Entity::kUserMetadataDeleteV1, UserMetadataDeleteShape(),
                R"(user_metadata_audit x WHERE x."userId" = $1)"),
        Changes(Entity::kUserMetadataV1, UserMetadataShape(), R"(m."updateId")",
                R"(user_metadata m WHERE m."userId" = $1)")}},
      {Type::kAssetMetadataV1,
       {Deletes(Entity::kAssetMetadataDeleteV1, AssetMetadataDeleteShape(),
                R"(asset_metadata_audit x JOIN asset a ON a.id = x."assetId" WHERE a."ownerId" = $1)"),
        Changes(Entity::kAssetMetadataV1, AssetMetadataShape(), R"(m."updateId")",
                R"(asset_metadata m JOIN asset a ON a.id = m."assetId" WHERE a."ownerId" = $1)")}},
      {Type::kAssetEditsV1,
       {Deletes(Entity::kAssetEditDeleteV1, EditDeleteShape(),
                R"(asset_edit_audit x JOIN asset a ON a.id = x."assetId" WHERE a."ownerId" = $1)"),
        Changes(Entity::kAssetEditV1, EditShape(), R"(d."updateId")",
                R"(asset_edit d JOIN asset a ON a.id = d."assetId" WHERE a."ownerId" = $1)")}},
  };
}

}  // namespace

std::string RowQuery::Text(bool is_backfill) const {
  return fmt::format("SELECT {0}, {1} FROM {2} AND {0} {3} $2 AND {0} > $3 ORDER BY {0} LIMIT $4", cursor,
                     shape.columns, source, is_backfill ? "<=" : "<");
}

const std::vector<Handler>& SyncPlan() {
  static const std::vector<Handler> kPlan = [] {
    std::vector<Handler> plan;
    for (auto part : {Accounts(), OwnAndPartnerAssets(), Albums(), Details(), Rest()}) {
      plan.insert(plan.end(), part.begin(), part.end());
    }
    return plan;
  }();
  return kPlan;
}

bool IsSupported(Type type) {
  return std::ranges::any_of(SyncPlan(), [type](const Handler& handler) { return handler.request == type; });
}

}  // namespace immich::sync
