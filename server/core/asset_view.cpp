#include "server/core/asset_view.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "core_sql.hpp"
#include "media/mime/media_types.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "server/core/user_view.hpp"

namespace immich {

const std::string_view kAssetViewColumns =
    R"(a.id, a."ownerId", a.type, a."originalPath", a."originalFileName", a.checksum, a.thumbhash, a."fileCreatedAt",
a."fileModifiedAt", a."localDateTime", a."createdAt", a."updatedAt", a."isFavorite", a.visibility, a."deletedAt" IS NOT NULL,
a."isOffline", a.duration, a."livePhotoVideoId", a."libraryId", a."duplicateId", a.width, a.height, a."isEdited",
e."assetId", e.make, e.model, e."exifImageWidth", e."exifImageHeight", e."fileSizeInByte", e.orientation,
e."dateTimeOriginal", e."modifyDate", e."timeZone", e."lensModel", e."fNumber", e."focalLength", e.iso, e."exposureTime",
e.latitude, e.longitude, e.city, e.state, e.country, e.description, e."projectionType", e.rating)";
const int kAssetViewColumnCount = 46;

namespace {

enum Column : int {
  kId,
  kOwnerId,
  kType,
  kOriginalPath,
  kOriginalFileName,
  kChecksum,
  kThumbhash,
  kFileCreatedAt,
  kFileModifiedAt,
  kLocalDateTime,
  kCreatedAt,
  kUpdatedAt,
  kIsFavorite,
  kVisibility,
  kIsTrashed,
  kIsOffline,
  kDuration,
  kLivePhotoVideoId,
  kLibraryId,
  kDuplicateId,
  kWidth,
  kHeight,
  kIsEdited,
  kExifAssetId,
  kMake,
  kModel,
  kExifImageWidth,
  kExifImageHeight,
  kFileSizeInByte,
  kOrientation,
  kDateTimeOriginal,
  kModifyDate,
  kTimeZone,
  kLensModel,
  kFNumber,
  kFocalLength,
  kIso,
  kExposureTime,
  kLatitude,
  kLongitude,
  kCity,
  kState,
  kCountry,
  kDescription,
  kProjectionType,
  kRating
};

using ByteSpan = std::span<const std::uint8_t>;

api::ExifResponseDto ReadExif(const pg::Row& row, int first) {
  api::ExifResponseDto exif;
  const auto text = [&](Column column) { return row.Find<std::string>(first + column); };
  const auto number = [&](Column column) { return row.Find<std::int64_t>(first + column); };
  const auto real = [&](Column column) { return row.Find<double>(first + column); };
  const auto time = [&](Column column) { return row.Find<TimePoint>(first + column); };
  exif.make = text(kMake);
  exif.model = text(kModel);
  exif.exif_image_width = number(kExifImageWidth);
  exif.exif_image_height = number(kExifImageHeight);
  exif.file_size_in_byte = number(kFileSizeInByte);
  exif.orientation = text(kOrientation);
  exif.date_time_original = time(kDateTimeOriginal);
  exif.modify_date = time(kModifyDate);
  exif.time_zone = text(kTimeZone);
  exif.lens_model = text(kLensModel);
  exif.f_number = real(kFNumber);
  exif.focal_length = real(kFocalLength);
  exif.iso = number(kIso);
  exif.exposure_time = text(kExposureTime);
  exif.latitude = real(kLatitude);
  exif.longitude = real(kLongitude);
  exif.city = text(kCity);
  exif.state = text(kState);
  exif.country = text(kCountry);
  exif.description = text(kDescription);
  exif.projection_type = text(kProjectionType);
  exif.rating = number(kRating);
  return exif;
}

/// Most assets have no tags, persons or stack: then they cost no statement of their own.
std::string ViewStatement(std::string_view from, std::string_view end) {
  return fmt::format(
      R"(SELECT {}, EXISTS (SELECT FROM tag_asset t WHERE t."assetId" = a.id),
EXISTS (SELECT FROM asset_face f WHERE f."assetId" = a.id AND f."personId" IS NOT NULL), a."stackId" IS NOT NULL, {}
FROM {}
JOIN "user" u ON u.id = a."ownerId"
LEFT JOIN asset_exif e ON e."assetId" = a.id
{})",
      kAssetViewColumns, kUserViewColumns, from, end);
}

const std::string kViewsOfMany =
    ViewStatement("unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, position)\nJOIN asset a ON a.id = wanted.id",
                  "ORDER BY wanted.position");
/// PostgreSQL keeps the plan of this one; that of many it makes anew for each array, which takes it a millisecond.
const std::string kViewOfOne = ViewStatement("asset a", "WHERE a.id = $1");

using ViewIndex = std::unordered_map<Uuid, std::size_t>;
using Views = std::vector<api::AssetResponseDto>;
const std::vector<AssetId> kNone;

/// Members that are always there, null when empty.
template <class T>
json::Maybe<T> OrNull(std::optional<T> value) {
  return value ? json::Maybe<T>(std::move(*value)) : json::Maybe<T>::Null();
}

api::TagResponseDto ReadTag(const pg::Row& row) {
  api::TagResponseDto tag;
  tag.id = row.Get<Uuid>(1);
  tag.value = row.Get<std::string>(2);
  tag.name = tag.value.substr(tag.value.rfind('/') + 1);
  tag.color = row.Find<std::string>(3);
  if (const auto parent = row.Find<Uuid>(4)) tag.parent_id = parent->ToString();
  tag.created_at = row.Get<TimePoint>(5);
  tag.updated_at = row.Get<TimePoint>(6);
  return tag;
}

api::PersonResponseDto ReadPerson(const pg::Row& row) {
  api::PersonResponseDto person;
  person.id = row.Get<Uuid>(1);
  person.name = row.Get<std::string>(2);
  if (const auto birth_date = row.Find<TimePoint>(3)) person.birth_date = ToIsoDate(*birth_date);
  person.thumbnail_path = row.Get<std::string>(4);
  person.is_hidden = row.Get<bool>(5);
  person.is_favorite = row.Get<bool>(6);
  person.color = row.Find<std::string>(7);
  person.updated_at = row.Get<TimePoint>(8);
  return person;
}

Task<void> AddTags(pg::Db& db, const std::vector<AssetId>& ids, const ViewIndex& index, Views& views) {
  for (api::AssetResponseDto& view : views) view.tags.emplace();
  if (ids.empty()) co_return;
  pg::Params params{ids};
  for (const pg::Row row : co_await db.Run(sql::kAssetViewTags, std::move(params))) {
    if (const auto at = index.find(row.Get<Uuid>(0)); at != index.end())
      views[at->second].tags->push_back(ReadTag(row));
  }
}

/// Compat: GET /assets/{id}: persons of an asset are shown to its owner only; others get an empty list.
Task<void> AddPeople(pg::Db& db, const AuthContext& auth, const std::vector<AssetId>& ids, const ViewIndex& index,
                     Views& views) {
  for (api::AssetResponseDto& view : views) view.people.emplace();
  if (auth.is_visitor() || ids.empty()) co_return;
  pg::Params params{ids, auth.user.id};
  for (const pg::Row row : co_await db.Run(sql::kAssetViewPeople, std::move(params))) {
    const auto at = index.find(row.Get<Uuid>(0));
    if (at == index.end() || views[at->second].owner_id != auth.user.id.value) continue;
    views[at->second].people->push_back(ReadPerson(row));
  }
}

Task<void> AddStacks(pg::Db& db, const std::vector<AssetId>& ids, const ViewIndex& index, Views& views) {
  for (api::AssetResponseDto& view : views) view.stack = std::nullopt;
  if (ids.empty()) co_return;
  pg::Params params{ids};
  for (const pg::Row row : co_await db.Run(sql::kAssetViewStacks, std::move(params))) {
    const auto at = index.find(row.Get<Uuid>(0));
    if (at == index.end()) continue;
    api::AssetStackResponseDto stack;
    stack.id = row.Get<Uuid>(1);
    stack.primary_asset_id = row.Get<Uuid>(2);
    stack.asset_count = row.Get<std::int64_t>(3);
    views[at->second].stack = std::move(stack);
  }
}

}  // namespace

std::optional<std::string> OriginalMimeType(std::string_view original_path) {
  const media::MediaType* type = media::FindMediaTypeByPath(original_path);
  return type == nullptr ? std::nullopt : std::optional<std::string>(type->mime_type);
}

void ReadAssetView(const pg::Row& row, int first, const AuthContext& auth, bool with_exif, api::AssetResponseDto& out) {
  out.id = row.Get<Uuid>(first + kId);
  out.owner_id = row.Get<Uuid>(first + kOwnerId);
  out.type =
      api::ParseEnum<api::AssetTypeEnum>(row.Get<std::string_view>(first + kType)).value_or(api::AssetTypeEnum::kOther);
  out.original_path = row.Get<std::string>(first + kOriginalPath);
  out.original_file_name = row.Get<std::string>(first + kOriginalFileName);
  out.original_mime_type = OriginalMimeType(out.original_path);
  out.checksum = crypto::ToBase64(row.Get<ByteSpan>(first + kChecksum));
  if (const auto thumbhash = row.Find<ByteSpan>(first + kThumbhash)) out.thumbhash = crypto::ToBase64(*thumbhash);
  out.file_created_at = row.Get<TimePoint>(first + kFileCreatedAt);
  out.file_modified_at = row.Get<TimePoint>(first + kFileModifiedAt);
  out.local_date_time = row.Get<TimePoint>(first + kLocalDateTime);
  out.created_at = row.Get<TimePoint>(first + kCreatedAt);
  out.updated_at = row.Get<TimePoint>(first + kUpdatedAt);
  // Compat: only the owner sees the favourite flag.
  out.is_favorite = auth.user.id.value == out.owner_id && row.Get<bool>(first + kIsFavorite);
  out.visibility = api::ParseEnum<api::AssetVisibility>(row.Get<std::string_view>(first + kVisibility))
                       .value_or(api::AssetVisibility::kTimeline);
  out.is_archived = out.visibility == api::AssetVisibility::kArchive;
  out.is_trashed = row.Get<bool>(first + kIsTrashed);
  out.is_offline = row.Get<bool>(first + kIsOffline);
  out.duration = row.Find<std::int64_t>(first + kDuration);
  const auto live_video = row.Find<Uuid>(first + kLivePhotoVideoId);
  out.live_photo_video_id = live_video ? json::Maybe(live_video->ToString()) : json::Maybe<std::string>::Null();
  out.library_id = OrNull(row.Find<Uuid>(first + kLibraryId));
  out.duplicate_id = OrNull(row.Find<Uuid>(first + kDuplicateId));
  out.width = row.Find<std::int64_t>(first + kWidth);
  out.height = row.Find<std::int64_t>(first + kHeight);
  out.is_edited = row.Get<bool>(first + kIsEdited);
  out.has_metadata = true;
  out.resized = true;
  if (with_exif && !row.IsNull(first + kExifAssetId)) out.exif_info = ReadExif(row, first);
}

Task<std::vector<api::AssetResponseDto>> LoadAssetViews(pg::Db& db, const AuthContext& auth, std::vector<AssetId> ids,
                                                        AssetViewOptions options) {
  std::string statement = ids.size() == 1 ? kViewOfOne : kViewsOfMany;
  pg::Params params = ids.size() == 1 ? pg::Params(ids.front()) : pg::Params(ids);
  const pg::Result result = co_await db.RunDynamic(std::move(statement), std::move(params));
  Views views(result.size());
  ViewIndex index;
  bool has_tags = false, has_people = false, has_stack = false;
  for (std::size_t i = 0; i < result.size(); ++i) {
    ReadAssetView(result[i], 0, auth, options.with_exif, views[i]);
    has_tags |= result[i].Get<bool>(kAssetViewColumnCount);
    has_people |= result[i].Get<bool>(kAssetViewColumnCount + 1);
    has_stack |= result[i].Get<bool>(kAssetViewColumnCount + 2);
    if (options.with_owner) views[i].owner = ReadUserView(result[i], kAssetViewColumnCount + 3);
    index.emplace(views[i].id, i);
  }
  if (options.with_tags) co_await AddTags(db, has_tags ? ids : kNone, index, views);
  if (options.with_people) co_await AddPeople(db, auth, has_people ? ids : kNone, index, views);
  if (options.with_stack) co_await AddStacks(db, has_stack ? ids : kNone, index, views);
  co_return views;
}

}  // namespace immich
