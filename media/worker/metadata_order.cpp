#include <utility>

#include "media/metadata/metadata_reader.hpp"
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
  if (metadata.motion_photo) report.motion_video = ByteRange{metadata.motion_photo->offset, metadata.motion_photo->length};
  return report;
}

}  // namespace

std::expected<MetadataReport, Failure> CarryOut(const MetadataOrder& order) {
  MetadataRequest request;
  request.path = order.source;
  if (!order.sidecar.empty()) request.sidecar_path = order.sidecar;
  request.fallback_date = order.fallback_date;
  auto metadata = ReadMetadata(request);
  if (!metadata) return std::unexpected(metadata.error());
  return ReportOf(std::move(*metadata));
}

}  // namespace immich::media
