#include <utility>

#include "media/metadata/metadata_reader.hpp"
#include "media/mime/media_types.hpp"
#include "media/video/video_probe.hpp"
#include "media/worker/work_orders.hpp"

namespace immich::media {

namespace {

std::vector<FaceRegionReport> FacesOf(const MediaMetadata& metadata) {
  std::vector<FaceRegionReport> faces;
  for (const FaceRegion& face : metadata.faces) {
    faces.push_back({.name = face.name,
                     .x1 = face.x1,
                     .y1 = face.y1,
                     .x2 = face.x2,
                     .y2 = face.y2,
                     .image_width = face.image_width,
                     .image_height = face.image_height});
  }
  return faces;
}

VideoStreamReport VideoOf(const VideoProbe& probe, const VideoStream& stream) {
  VideoStreamReport report;
  report.index = stream.index;
  report.bitrate = stream.bitrate > 0 ? stream.bitrate : probe.bitrate;
  report.frame_count = stream.frame_count;
  report.time_base = stream.time_base;
  report.profile = stream.profile;
  report.level = stream.level;
  report.color_primaries = stream.color_primaries;
  report.color_transfer = stream.color_transfer;
  report.color_matrix = stream.color_matrix;
  if (stream.dolby_vision) {
    report.dv_profile = stream.dolby_vision->profile;
    report.dv_level = stream.dolby_vision->level;
    report.dv_compatibility_id = stream.dolby_vision->compatibility_id;
  }
  report.codec_name = stream.codec_name;
  report.format_name = probe.format_name;
  report.format_long_name = probe.format_long_name;
  report.pixel_format = stream.pixel_format;
  return report;
}

void AddStreams(VideoProbe probe, MetadataReport& report) {
  if (!probe.video_streams.empty()) report.video = VideoOf(probe, probe.video_streams.front());
  if (!probe.audio_streams.empty()) {
    AudioStream& stream = probe.audio_streams.front();
    report.audio = AudioStreamReport{.index = stream.index,
                                     .bitrate = stream.bitrate,
                                     .profile = stream.profile,
                                     .codec_name = std::move(stream.codec_name)};
  }
  if (!probe.keyframes) return;
  report.keyframes = KeyframeReport{.pts = std::move(probe.keyframes->pts),
                                    .accumulated_duration = std::move(probe.keyframes->accumulated_duration),
                                    .own_duration = std::move(probe.keyframes->own_duration),
                                    .total_duration = probe.keyframes->total_duration,
                                    .packet_count = probe.keyframes->packet_count,
                                    .output_frames = probe.keyframes->output_frames};
}

MetadataReport ReportOf(MediaMetadata metadata) {
  MetadataReport report;
  report.file_size_bytes = metadata.file_size_bytes;
  report.modified_at = metadata.modify_date;
  report.date_time_original = metadata.date_time_original;
  report.local_date_time = TimePoint(metadata.local_date_time.time_since_epoch());
  report.time_zone = std::move(metadata.time_zone);
  report.latitude = metadata.latitude;
  report.longitude = metadata.longitude;
  report.stored_width = metadata.exif_image_width;
  report.stored_height = metadata.exif_image_height;
  report.width = metadata.width;
  report.height = metadata.height;
  report.orientation = metadata.orientation;
  report.duration_ms = metadata.duration_ms;
  report.make = std::move(metadata.make);
  report.model = std::move(metadata.model);
  report.lens_model = std::move(metadata.lens_model);
  report.exposure_time = std::move(metadata.exposure_time);
  report.projection_type = std::move(metadata.projection_type);
  report.profile_description = std::move(metadata.profile_description);
  report.colorspace = std::move(metadata.colorspace);
  report.f_number = metadata.f_number;
  report.focal_length = metadata.focal_length;
  report.fps = metadata.fps;
  report.iso = metadata.iso;
  report.bits_per_sample = metadata.bits_per_sample;
  report.rating = metadata.rating;
  report.description = std::move(metadata.description);
  report.live_photo_cid = std::move(metadata.live_photo_cid);
  report.auto_stack_id = std::move(metadata.auto_stack_id);
  report.tags = std::move(metadata.tags);
  report.faces = FacesOf(metadata);
  if (metadata.motion_photo)
    report.motion_video = ByteRange{metadata.motion_photo->offset, metadata.motion_photo->length};
  return report;
}

}  // namespace

std::expected<MetadataReport, Failure> CarryOut(const MetadataOrder& order) {
  MetadataRequest request;
  request.path = order.source;
  if (!order.sidecar.empty()) request.sidecar_path = order.sidecar;
  request.fallback_date = order.fallback_date;
  std::optional<VideoProbe> probe;
  if (UsesVideoStills(order.source)) {
    auto probed = ProbeVideo(order.source);
    const MediaType* type = FindMediaTypeByPath(order.source);
    const bool is_video = type != nullptr && type->kind == MediaKind::kVideo;
    // Without a decoder module nothing can be said about the file, which is not the same as a broken one.
    if (!probed && (is_video || probed.error().kind == FailureKind::kInternal)) return std::unexpected(probed.error());
    if (probed) probe = std::move(*probed);
  }
  if (probe) {
    request.video = VideoFactsOf(*probe);
    request.container_tags = probe->container_tags;
  }
  auto metadata = ReadMetadata(request);
  if (!metadata) return std::unexpected(metadata.error());
  MetadataReport report = ReportOf(std::move(*metadata));
  if (probe) AddStreams(std::move(*probe), report);
  return report;
}

}  // namespace immich::media
