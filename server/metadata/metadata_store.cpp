#include "server/metadata/metadata_store.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "slice_metadata_sql.hpp"

namespace immich::metadata {

namespace {

/// What a column of type integer or smallint can hold; files may say anything.
template <class Column>
std::int64_t Fit(std::int64_t value) {
  return std::clamp<std::int64_t>(value, std::numeric_limits<Column>::min(), std::numeric_limits<Column>::max());
}

template <class Column>
std::optional<std::int64_t> Fit(const std::optional<int>& value) {
  return value ? std::optional(Fit<Column>(static_cast<std::int64_t>(*value))) : std::nullopt;
}

bool FitsInteger(const std::vector<std::int64_t>& values) {
  return std::ranges::all_of(values, [](std::int64_t value) { return value == Fit<std::int32_t>(value); });
}

std::optional<std::string> Text(const std::optional<int>& number) {
  return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

std::optional<std::int64_t> Duration(const media::MetadataReport& report) {
  if (!report.duration_ms || *report.duration_ms != Fit<std::int32_t>(*report.duration_ms)) return std::nullopt;
  return report.duration_ms;
}

pg::Params VideoParams(AssetId asset, const media::VideoStreamReport& video) {
  return pg::Params{asset,
                    Fit<std::int32_t>(video.bitrate),
                    Fit<std::int32_t>(video.frame_count),
                    video.time_base,
                    Fit<std::int16_t>(video.index),
                    Fit<std::int16_t>(video.profile),
                    Fit<std::int16_t>(video.level),
                    Fit<std::int16_t>(video.color_primaries),
                    Fit<std::int16_t>(video.color_transfer),
                    Fit<std::int16_t>(video.color_matrix),
                    Fit<std::int16_t>(video.dv_profile),
                    Fit<std::int16_t>(video.dv_level),
                    Fit<std::int16_t>(video.dv_compatibility_id),
                    video.codec_name,
                    video.format_name,
                    video.format_long_name,
                    video.pixel_format};
}

}  // namespace

Task<std::optional<MetadataSource>> MetadataStore::FindSource(AssetId asset) {
  pg::Params params{asset};
  const pg::Result rows = co_await db_.Run(sql::kMetadataSourceGet, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  const pg::Row row = rows[0];
  MetadataSource source;
  source.id = asset;
  source.owner = row.Get<UserId>(0);
  source.is_video = row.Get<std::string_view>(1) == "VIDEO";
  source.original_path = row.Get<std::string>(2);
  source.file_name = row.Get<std::string>(3);
  source.file_created_at = row.Get<TimePoint>(4);
  source.library = row.Find<LibraryId>(5);
  source.is_external = row.Get<bool>(6);
  source.live_video = row.Find<AssetId>(7);
  source.visibility = row.Get<std::string>(8);
  source.locked = row.Get<std::vector<std::string>>(9);
  source.latitude = row.Find<double>(10);
  source.longitude = row.Find<double>(11);
  source.tags = row.Get<std::vector<std::string>>(12);
  source.sidecar = row.Get<std::string>(13);
  co_return source;
}

Task<std::optional<std::vector<std::string>>> MetadataStore::Store(AssetId asset, const media::MetadataReport& report,
                                                                   Place place) {
  pg::Params params{asset,
                    report.date_time_original,
                    report.local_date_time,
                    report.modified_at,
                    Duration(report),
                    report.width,
                    report.height,
                    report.make,
                    report.model,
                    report.stored_width,
                    report.stored_height,
                    report.file_size_bytes,
                    Text(report.orientation),
                    report.lens_model,
                    report.f_number,
                    report.focal_length,
                    report.iso,
                    report.latitude,
                    report.longitude,
                    place.city,
                    place.state,
                    place.country,
                    report.description,
                    report.fps,
                    report.exposure_time,
                    report.live_photo_cid,
                    report.time_zone,
                    report.projection_type,
                    report.profile_description,
                    report.colorspace,
                    report.bits_per_sample,
                    report.auto_stack_id,
                    report.rating,
                    report.tags};
  const pg::Result rows = co_await db_.Run(sql::kMetadataStore, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].Get<std::vector<std::string>>(0);
}

Task<void> MetadataStore::ReplaceTags(AssetId asset, std::vector<TagId> tags) {
  pg::Params params{asset, tags};
  co_await db_.Run(sql::kMetadataTagsReplace, std::move(params));
}

Task<void> MetadataStore::StoreStreams(AssetId asset, const media::MetadataReport& report) {
  if (report.video) {
    pg::Params video = VideoParams(asset, *report.video);
    co_await db_.Run(sql::kMetadataVideoStore, std::move(video));
  }
  if (report.audio) {
    pg::Params audio{asset, Fit<std::int32_t>(report.audio->bitrate), Fit<std::int16_t>(report.audio->index),
                     Fit<std::int16_t>(report.audio->profile), report.audio->codec_name};
    co_await db_.Run(sql::kMetadataAudioStore, std::move(audio));
  }
  if (!report.keyframes) co_return;
  const media::KeyframeReport& frames = *report.keyframes;
  if (!FitsInteger(frames.pts) || !FitsInteger(frames.accumulated_duration) || !FitsInteger(frames.own_duration) ||
      !FitsInteger({frames.total_duration, frames.packet_count, frames.output_frames})) {
    co_return;
  }
  pg::Params keyframes{asset,
                       frames.pts,
                       frames.accumulated_duration,
                       frames.own_duration,
                       frames.total_duration,
                       frames.packet_count,
                       frames.output_frames};
  co_await db_.Run(sql::kMetadataKeyframesStore, std::move(keyframes));
}

Task<std::vector<PersonId>> MetadataStore::ReplaceFaces(const MetadataSource& source,
                                                        const std::vector<media::FaceRegionReport>& faces) {
  std::vector<PersonId> made;
  pg::Params forget{source.id};
  co_await db_.Run(sql::kExifFacesDelete, std::move(forget));
  for (const media::FaceRegionReport& face : faces) {
    pg::Params name{source.owner, face.name};
    pg::Params same_name = name;
    pg::Result person = co_await db_.Run(sql::kExifPersonFind, std::move(name));
    if (person.empty()) {
      person = co_await db_.Run(sql::kExifPersonInsert, std::move(same_name));
      made.push_back(person[0].Get<PersonId>(0));
    }
    pg::Params box{source.id, person[0].Get<PersonId>(0), face.x1,          face.y1, face.x2,
                   face.y2,   face.image_width,           face.image_height};
    co_await db_.Run(sql::kExifFaceInsert, std::move(box));
  }
  co_return made;
}

}  // namespace immich::metadata
