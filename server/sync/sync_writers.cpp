#include "server/sync/sync_writers.hpp"

#include "api/codec/contract_enum.hpp"
#include "api/codec/contract_writer.hpp"
#include "api/sync_types.hpp"
#include "server/core/sync_view.hpp"

namespace immich::sync {

namespace {

using pg::Row;

std::optional<std::string> IdText(const Row& row, int column) {
  const auto id = row.Find<Uuid>(column);
  return id ? std::optional(id->ToString()) : std::nullopt;
}

json::RawJson RawOf(const Row& row, int column) {
  return json::RawJson{row.Get<std::string>(column)};
}

json::Maybe<api::UserAvatarColor> ColorOf(const Row& row, int column) {
  const auto text = row.Find<std::string_view>(column);
  const auto color = text ? api::ParseEnum<api::UserAvatarColor>(*text) : std::nullopt;
  return color ? json::Maybe(*color) : json::Maybe<api::UserAvatarColor>::Null();
}

template <class User>
void FillUser(User& user, const Row& row) {
  user.id = row.Get<Uuid>(1);
  user.name = row.Get<std::string>(2);
  user.email = row.Get<std::string>(3);
  user.avatar_color = ColorOf(row, 4);
  user.deleted_at = row.Find<TimePoint>(5);
  user.has_profile_image = row.Get<bool>(6);
  user.profile_changed_at = row.Get<TimePoint>(7);
}

template <class Album>
void FillAlbum(Album& album, const Row& row) {
  album.id = row.Get<Uuid>(1);
  album.name = row.Get<std::string>(2);
  album.description = row.Get<std::string>(3);
  album.created_at = row.Get<TimePoint>(4);
  album.updated_at = row.Get<TimePoint>(5);
  album.thumbnail_asset_id = IdText(row, 6);
  album.is_activity_enabled = row.Get<bool>(7);
  album.order = api::ParseEnum<api::AssetOrder>(row.Get<std::string_view>(8)).value_or(api::AssetOrder::kDesc);
}

constexpr std::string_view kUserColumns =
    R"(u.id, u.name, u.email, u."avatarColor", u."deletedAt", u."profileImagePath" <> '', u."profileChangedAt")";
constexpr std::string_view kAuthUserColumns =
    R"(u.id, u.name, u.email, u."avatarColor", u."deletedAt", u."profileImagePath" <> '', u."profileChangedAt",
u."isAdmin", u."pinCode", u."oauthId", u."storageLabel", u."quotaSizeInBytes", u."quotaUsageInBytes")";
constexpr std::string_view kAlbumV2Columns =
    R"(al.id, al."albumName", al.description, al."createdAt", al."updatedAt", al."albumThumbnailAssetId",
al."isActivityEnabled", al."order")";
constexpr std::string_view kAlbumV1Columns =
    R"(al.id, al."albumName", al.description, al."createdAt", al."updatedAt", al."albumThumbnailAssetId",
al."isActivityEnabled", al."order",
(SELECT o."userId" FROM album_user o WHERE o."albumId" = al.id AND o.role = 'owner'))";

}  // namespace

Shape UserShape() {
  return {kUserColumns, [](std::string& out, const Row& row, UserId) {
            api::SyncUserV1 user;
            FillUser(user, row);
            api::Write(out, user);
          }};
}

Shape AuthUserShape() {
  return {kAuthUserColumns, [](std::string& out, const Row& row, UserId) {
            api::SyncAuthUserV1 user;
            FillUser(user, row);
            user.is_admin = row.Get<bool>(8);
            user.pin_code = row.Find<std::string>(9);
            user.oauth_id = row.Get<std::string>(10);
            user.storage_label = row.Find<std::string>(11);
            user.quota_size_in_bytes = row.Find<std::int64_t>(12);
            user.quota_usage_in_bytes = row.Get<std::int64_t>(13);
            api::Write(out, user);
          }};
}

Shape PartnerShape() {
  return {R"(p."sharedById", p."sharedWithId", p."inTimeline")", [](std::string& out, const Row& row, UserId) {
            api::SyncPartnerV1 partner;
            partner.shared_by_id = row.Get<Uuid>(1);
            partner.shared_with_id = row.Get<Uuid>(2);
            partner.in_timeline = row.Get<bool>(3);
            api::Write(out, partner);
          }};
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
  return {R"(m."assetId", m.key, m.value)", [](std::string& out, const Row& row, UserId) {
            api::SyncAssetMetadataV1 entry;
            entry.asset_id = row.Get<Uuid>(1);
            entry.key = row.Get<std::string>(2);
            entry.value = RawOf(row, 3);
            api::Write(out, entry);
          }};
}

Shape EditShape() {
  return {
      R"(d.id, d."assetId", d.action, d.parameters, d.sequence)", [](std::string& out, const Row& row, UserId) {
        api::SyncAssetEditV1 edit;
        edit.id = row.Get<Uuid>(1);
        edit.asset_id = row.Get<Uuid>(2);
        edit.action =
            api::ParseEnum<api::AssetEditAction>(row.Get<std::string_view>(3)).value_or(api::AssetEditAction::kRotate);
        edit.parameters = RawOf(row, 4);
        edit.sequence = row.Get<std::int64_t>(5);
        api::Write(out, edit);
      }};
}

Shape OcrShape() {
  return {R"(o.id, o."assetId", o.x1, o.y1, o.x2, o.y2, o.x3, o.y3, o.x4, o.y4, o."boxScore", o."textScore", o.text,
o."isVisible")",
          [](std::string& out, const Row& row, UserId) {
            api::SyncAssetOcrV1 text;
            text.id = row.Get<Uuid>(1);
            text.asset_id = row.Get<Uuid>(2);
            double* const corners[] = {&text.x1, &text.y1, &text.x2, &text.y2, &text.x3, &text.y3, &text.x4, &text.y4};
            for (int i = 0; i < 8; ++i) *corners[i] = row.Get<double>(3 + i);
            text.box_score = row.Get<double>(11);
            text.text_score = row.Get<double>(12);
            text.text = row.Get<std::string>(13);
            text.is_visible = row.Get<bool>(14);
            api::Write(out, text);
          }};
}

Shape StackShape() {
  return {R"(s.id, s."createdAt", s."updatedAt", s."primaryAssetId", s."ownerId")",
          [](std::string& out, const Row& row, UserId) {
            api::SyncStackV1 stack;
            stack.id = row.Get<Uuid>(1);
            stack.created_at = row.Get<TimePoint>(2);
            stack.updated_at = row.Get<TimePoint>(3);
            stack.primary_asset_id = row.Get<Uuid>(4);
            stack.owner_id = row.Get<Uuid>(5);
            api::Write(out, stack);
          }};
}

Shape AlbumV1Shape() {
  return {kAlbumV1Columns, [](std::string& out, const Row& row, UserId) {
            api::SyncAlbumV1 album;
            FillAlbum(album, row);
            album.owner_id = row.Find<Uuid>(9).value_or(Uuid{});
            api::Write(out, album);
          }};
}

Shape AlbumV2Shape() {
  return {kAlbumV2Columns, [](std::string& out, const Row& row, UserId) {
            api::SyncAlbumV2 album;
            FillAlbum(album, row);
            api::Write(out, album);
          }};
}

Shape AlbumUserShape() {
  return {R"(au."albumId", au."userId", au.role)", [](std::string& out, const Row& row, UserId) {
            api::SyncAlbumUserV1 member;
            member.album_id = row.Get<Uuid>(1);
            member.user_id = row.Get<Uuid>(2);
            member.role =
                api::ParseEnum<api::AlbumUserRole>(row.Get<std::string_view>(3)).value_or(api::AlbumUserRole::kViewer);
            api::Write(out, member);
          }};
}

Shape AlbumToAssetShape() {
  return {R"(aa."albumId", aa."assetId")", [](std::string& out, const Row& row, UserId) {
            api::SyncAlbumToAssetV1 entry;
            entry.album_id = row.Get<Uuid>(1);
            entry.asset_id = row.Get<Uuid>(2);
            api::Write(out, entry);
          }};
}

Shape MemoryShape() {
  return {R"(m.id, m."createdAt", m."updatedAt", m."deletedAt", m."ownerId", m.type, m.data, m."isSaved", m."memoryAt",
m."seenAt", m."showAt", m."hideAt")",
          [](std::string& out, const Row& row, UserId) {
            api::SyncMemoryV1 memory;
            memory.id = row.Get<Uuid>(1);
            memory.created_at = row.Get<TimePoint>(2);
            memory.updated_at = row.Get<TimePoint>(3);
            memory.deleted_at = row.Find<TimePoint>(4);
            memory.owner_id = row.Get<Uuid>(5);
            memory.type =
                api::ParseEnum<api::MemoryType>(row.Get<std::string_view>(6)).value_or(api::MemoryType::kOnThisDay);
            memory.data = RawOf(row, 7);
            memory.is_saved = row.Get<bool>(8);
            memory.memory_at = row.Get<TimePoint>(9);
            memory.seen_at = row.Find<TimePoint>(10);
            memory.show_at = row.Find<TimePoint>(11);
            memory.hide_at = row.Find<TimePoint>(12);
            api::Write(out, memory);
          }};
}

Shape MemoryToAssetShape() {
  return {R"(ma."memoriesId", ma."assetId")", [](std::string& out, const Row& row, UserId) {
            api::SyncMemoryAssetV1 entry;
            entry.memory_id = row.Get<Uuid>(1);
            entry.asset_id = row.Get<Uuid>(2);
            api::Write(out, entry);
          }};
}

Shape PersonShape() {
  return {
      R"(p.id, p."createdAt", p."updatedAt", p."ownerId", p.name, p."birthDate", p."isHidden", p."isFavorite", p.color,
p."faceAssetId")",
      [](std::string& out, const Row& row, UserId) {
        api::SyncPersonV1 person;
        person.id = row.Get<Uuid>(1);
        person.created_at = row.Get<TimePoint>(2);
        person.updated_at = row.Get<TimePoint>(3);
        person.owner_id = row.Get<Uuid>(4);
        person.name = row.Get<std::string>(5);
        person.birth_date = row.Find<TimePoint>(6);
        person.is_hidden = row.Get<bool>(7);
        person.is_favorite = row.Get<bool>(8);
        person.color = row.Find<std::string>(9);
        person.face_asset_id = IdText(row, 10);
        api::Write(out, person);
      }};
}

Shape FaceShape() {
  return {R"(f.id, f."assetId", f."personId", f."imageWidth", f."imageHeight", f."boundingBoxX1", f."boundingBoxY1",
f."boundingBoxX2", f."boundingBoxY2", f."sourceType", f."isVisible", f."deletedAt")",
          [](std::string& out, const Row& row, UserId) {
            api::SyncAssetFaceV2 face;
            face.id = row.Get<Uuid>(1);
            face.asset_id = row.Get<Uuid>(2);
            face.person_id = IdText(row, 3);
            face.image_width = row.Get<std::int64_t>(4);
            face.image_height = row.Get<std::int64_t>(5);
            face.bounding_box_x1 = row.Get<std::int64_t>(6);
            face.bounding_box_y1 = row.Get<std::int64_t>(7);
            face.bounding_box_x2 = row.Get<std::int64_t>(8);
            face.bounding_box_y2 = row.Get<std::int64_t>(9);
            face.source_type = row.Get<std::string>(10);
            face.is_visible = row.Get<bool>(11);
            face.deleted_at = row.Find<TimePoint>(12);
            api::Write(out, face);
          }};
}

Shape UserMetadataShape() {
  return {R"(m."userId", m.key, m.value)", [](std::string& out, const Row& row, UserId) {
            api::SyncUserMetadataV1 entry;
            entry.user_id = row.Get<Uuid>(1);
            entry.key = api::ParseEnum<api::UserMetadataKey>(row.Get<std::string_view>(2))
                            .value_or(api::UserMetadataKey::kPreferences);
            entry.value = RawOf(row, 3);
            api::Write(out, entry);
          }};
}

}  // namespace immich::sync
