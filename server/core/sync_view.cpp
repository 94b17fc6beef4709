#include "server/core/sync_view.hpp"

#include "platform/crypto/text_encoding.hpp"

namespace immich {

const std::string_view kSyncAssetColumns =
    R"(a.id, a."ownerId", a."originalFileName", a.thumbhash, a.checksum, a."fileCreatedAt", a."fileModifiedAt",
a."createdAt", a."localDateTime", a.duration, a.type, a."deletedAt", a."isFavorite", a.visibility, a."livePhotoVideoId",
a."stackId", a."libraryId", a.width, a.height, a."isEdited")";
const int kSyncAssetColumnCount = 20;

const std::string_view kSyncExifColumns =
    R"(e."assetId", e.description, e."exifImageWidth", e."exifImageHeight", e."fileSizeInByte", e.orientation,
e."dateTimeOriginal", e."modifyDate", e."timeZone", e.latitude, e.longitude, e."projectionType", e.city, e.state, e.country,
e.make, e.model, e."lensModel", e."fNumber", e."focalLength", e.iso, e."exposureTime", e."profileDescription", e.rating, e.fps)";

namespace {

using ByteSpan = std::span<const std::uint8_t>;

std::optional<std::string> IdText(const pg::Row& row, int column) {
  const auto id = row.Find<Uuid>(column);
  return id ? std::optional(id->ToString()) : std::nullopt;
}

}  // namespace

api::SyncAssetV2 ReadSyncAsset(const pg::Row& row, int first) {
  api::SyncAssetV2 asset;
  asset.id = row.Get<Uuid>(first);
  asset.owner_id = row.Get<Uuid>(first + 1);
  asset.original_file_name = row.Get<std::string>(first + 2);
  if (const auto thumbhash = row.Find<ByteSpan>(first + 3)) asset.thumbhash = crypto::ToBase64(*thumbhash);
  asset.checksum = crypto::ToBase64(row.Get<ByteSpan>(first + 4));
  asset.file_created_at = row.Find<TimePoint>(first + 5);
  asset.file_modified_at = row.Find<TimePoint>(first + 6);
  asset.created_at = row.Find<TimePoint>(first + 7);
  asset.local_date_time = row.Find<TimePoint>(first + 8);
  asset.duration = row.Find<std::int64_t>(first + 9);
  asset.type =
      api::ParseEnum<api::AssetTypeEnum>(row.Get<std::string_view>(first + 10)).value_or(api::AssetTypeEnum::kOther);
  asset.deleted_at = row.Find<TimePoint>(first + 11);
  asset.is_favorite = row.Get<bool>(first + 12);
  asset.visibility = api::ParseEnum<api::AssetVisibility>(row.Get<std::string_view>(first + 13))
                         .value_or(api::AssetVisibility::kTimeline);
  asset.live_photo_video_id = IdText(row, first + 14);
  asset.stack_id = IdText(row, first + 15);
  asset.library_id = IdText(row, first + 16);
  asset.width = row.Find<std::int64_t>(first + 17);
  asset.height = row.Find<std::int64_t>(first + 18);
  asset.is_edited = row.Get<bool>(first + 19);
  return asset;
}

api::SyncAssetExifV1 ReadSyncExif(const pg::Row& row, int first) {
  api::SyncAssetExifV1 exif;
  const auto text = [&](int column) { return row.Find<std::string>(first + column); };
  const auto integer = [&](int column) { return row.Find<std::int64_t>(first + column); };
  const auto real = [&](int column) { return row.Find<double>(first + column); };
  exif.asset_id = row.Get<Uuid>(first);
  exif.description = text(1);
  exif.exif_image_width = integer(2);
  exif.exif_image_height = integer(3);
  exif.file_size_in_byte = integer(4);
  exif.orientation = text(5);
  exif.date_time_original = row.Find<TimePoint>(first + 6);
  exif.modify_date = row.Find<TimePoint>(first + 7);
  exif.time_zone = text(8);
  exif.latitude = real(9);
  exif.longitude = real(10);
  exif.projection_type = text(11);
  exif.city = text(12);
  exif.state = text(13);
  exif.country = text(14);
  exif.make = text(15);
  exif.model = text(16);
  exif.lens_model = text(17);
  exif.f_number = real(18);
  exif.focal_length = real(19);
  exif.iso = integer(20);
  exif.exposure_time = text(21);
  exif.profile_description = text(22);
  exif.rating = integer(23);
  exif.fps = real(24);
  return exif;
}

}  // namespace immich
