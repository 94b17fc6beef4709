#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/failure.hpp"
#include "platform/time/time_point.hpp"

// What the server and its decoder children (`immich-media-worker`) say to each other: one work order at a time, one
// report or failure back. A message is a 32-bit little-endian length and that many bytes of JSON. Structures name their
// members once, in Fields(); the codec is in media_protocol.cpp. Paths are absolute.
namespace immich::media {

/// The descriptor a child finds its socket at.
inline constexpr int kWorkerSocketFd = 3;
/// Longer messages are a defect of the sender. A report with 100,000 key frames has 3 MB.
inline constexpr std::uint32_t kMaxMessageBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kMessageHeadBytes = 4;

/// The length in front of a message.
constexpr std::array<char, kMessageHeadBytes> EncodeMessageHead(std::uint32_t size) {
  return {static_cast<char>(size), static_cast<char>(size >> 8), static_cast<char>(size >> 16),
          static_cast<char>(size >> 24)};
}
constexpr std::uint32_t DecodeMessageHead(const std::array<char, kMessageHeadBytes>& head) {
  std::uint32_t size = 0;
  for (std::size_t i = kMessageHeadBytes; i-- > 0;) size = size << 8 | static_cast<unsigned char>(head[i]);
  return size;
}

/// Where one rendition goes and how it is made; `size_px` is the shorter edge, 0 for native.
struct RenditionOrder {
  std::string path;
  bool is_webp = false;
  int size_px = 0;
  int quality = 80;
  bool is_progressive = false;

  static void Fields(auto& self, auto&& field) {
    field("path", self.path);
    field("isWebp", self.is_webp);
    field("sizePx", self.size_px);
    field("quality", self.quality);
    field("isProgressive", self.is_progressive);
  }
};

struct CropOrder {
  int x = 0, y = 0, width = 0, height = 0;

  static void Fields(auto& self, auto&& field) {
    field("x", self.x);
    field("y", self.y);
    field("width", self.width);
    field("height", self.height);
  }
};

/// A file that was written and synced.
struct RenditionReport {
  int width = 0, height = 0;
  bool is_progressive = false;
  bool is_transparent = false;

  static void Fields(auto& self, auto&& field) {
    field("width", self.width);
    field("height", self.height);
    field("isProgressive", self.is_progressive);
    field("isTransparent", self.is_transparent);
  }
};

struct ThumbnailReport {
  RenditionReport preview, thumbnail;
  std::optional<RenditionReport> fullsize;
  std::vector<std::uint8_t> thumbhash;
  /// Of the picture after edits, upright.
  int width = 0, height = 0;

  static void Fields(auto& self, auto&& field) {
    field("preview", self.preview);
    field("thumbnail", self.thumbnail);
    field("fullsize", self.fullsize);
    field("thumbhash", self.thumbhash);
    field("width", self.width);
    field("height", self.height);
  }
};

/// Decode once, write all renditions to the given (temporary) paths, sync them.
struct ThumbnailOrder {
  using Report = ThumbnailReport;
  static constexpr std::string_view kName = "thumbnails";

  std::string source;
  /// A still of a video or animation instead of a picture.
  bool is_video = false;
  std::optional<std::string> colorspace, profile_description;
  std::optional<int> bits_per_sample;
  /// Display P3 for sources that are not sRGB; otherwise sRGB.
  bool use_display_p3 = true;
  bool extract_embedded = false;
  bool process_invalid = false;
  /// EXIF number, for sources that carry none of their own.
  std::optional<int> orientation;
  RenditionOrder preview, thumbnail;
  std::optional<RenditionOrder> fullsize;
  std::optional<CropOrder> crop;
  /// EXIF number of the edits' turn, applied after the crop.
  int turn = 1;
  /// Carries the panorama tags over to preview and fullsize.
  bool keep_panorama = false;

  static void Fields(auto& self, auto&& field) {
    field("source", self.source);
    field("isVideo", self.is_video);
    field("colorspace", self.colorspace);
    field("profileDescription", self.profile_description);
    field("bitsPerSample", self.bits_per_sample);
    field("useDisplayP3", self.use_display_p3);
    field("extractEmbedded", self.extract_embedded);
    field("processInvalid", self.process_invalid);
    field("orientation", self.orientation);
    field("preview", self.preview);
    field("thumbnail", self.thumbnail);
    field("fullsize", self.fullsize);
    field("crop", self.crop);
    field("turn", self.turn);
    field("keepPanorama", self.keep_panorama);
  }
};

struct FaceRegionReport {
  std::string name;
  /// In pixels of `image_width` × `image_height`, upright.
  int x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  int image_width = 0, image_height = 0;

  static void Fields(auto& self, auto&& field) {
    field("name", self.name);
    field("x1", self.x1);
    field("y1", self.y1);
    field("x2", self.x2);
    field("y2", self.y2);
    field("imageWidth", self.image_width);
    field("imageHeight", self.image_height);
  }
};

struct AudioStreamReport {
  int index = 0;
  std::int64_t bitrate = 0;
  std::optional<int> profile;
  std::string codec_name;

  static void Fields(auto& self, auto&& field) {
    field("index", self.index);
    field("bitrate", self.bitrate);
    field("profile", self.profile);
    field("codecName", self.codec_name);
  }
};

struct VideoStreamReport {
  int index = 0;
  std::int64_t bitrate = 0, frame_count = 0;
  /// Denominator of the time base.
  int time_base = 0;
  std::optional<int> profile, level;
  /// H.273 numbers.
  int color_primaries = 2, color_transfer = 2, color_matrix = 2;
  std::optional<int> dv_profile, dv_level, dv_compatibility_id;
  std::string codec_name, format_name, format_long_name, pixel_format;

  static void Fields(auto& self, auto&& field) {
    field("index", self.index);
    field("bitrate", self.bitrate);
    field("frameCount", self.frame_count);
    field("timeBase", self.time_base);
    field("profile", self.profile);
    field("level", self.level);
    field("colorPrimaries", self.color_primaries);
    field("colorTransfer", self.color_transfer);
    field("colorMatrix", self.color_matrix);
    field("dvProfile", self.dv_profile);
    field("dvLevel", self.dv_level);
    field("dvCompatibilityId", self.dv_compatibility_id);
    field("codecName", self.codec_name);
    field("formatName", self.format_name);
    field("formatLongName", self.format_long_name);
    field("pixelFormat", self.pixel_format);
  }
};

/// Key frames of a video in units of its time base; parallel arrays.
struct KeyframeReport {
  std::vector<std::int64_t> pts, accumulated_duration, own_duration;
  std::int64_t total_duration = 0, packet_count = 0, output_frames = 0;

  static void Fields(auto& self, auto&& field) {
    field("pts", self.pts);
    field("accumulatedDuration", self.accumulated_duration);
    field("ownDuration", self.own_duration);
    field("totalDuration", self.total_duration);
    field("packetCount", self.packet_count);
    field("outputFrames", self.output_frames);
  }
};

struct ByteRange {
  std::int64_t offset = 0, length = 0;

  static void Fields(auto& self, auto&& field) {
    field("offset", self.offset);
    field("length", self.length);
  }
};

/// What a file says of itself, already decided: one value a column (facts: metadata).
struct MetadataReport {
  std::int64_t file_size_bytes = 0;
  TimePoint modified_at{};

  /// From the tags, else the earliest time known of the file; the local one is the wall clock, labelled UTC.
  TimePoint date_time_original{}, local_date_time{};
  std::optional<std::string> time_zone;
  std::optional<double> latitude, longitude;
  /// As stored, not turned.
  std::optional<int> stored_width, stored_height;
  /// Upright.
  std::optional<int> width, height;
  std::optional<int> orientation;
  std::optional<std::int64_t> duration_ms;
  std::optional<std::string> make, model, lens_model, exposure_time, projection_type, profile_description, colorspace;
  std::optional<double> f_number, focal_length, fps;
  std::optional<int> iso, bits_per_sample, rating;
  std::string description;
  std::optional<std::string> live_photo_cid, auto_stack_id;
  /// Paths: `parent/child`.
  std::vector<std::string> tags;
  std::vector<FaceRegionReport> faces;
  /// The video inside a motion photo: a range of bytes.
  std::optional<ByteRange> motion_video;
  std::optional<AudioStreamReport> audio;
  std::optional<VideoStreamReport> video;
  std::optional<KeyframeReport> keyframes;

  static void Fields(auto& self, auto&& field) {
    field("fileSizeBytes", self.file_size_bytes);
    field("modifiedAt", self.modified_at);
    field("dateTimeOriginal", self.date_time_original);
    field("localDateTime", self.local_date_time);
    field("timeZone", self.time_zone);
    field("latitude", self.latitude);
    field("longitude", self.longitude);
    field("storedWidth", self.stored_width);
    field("storedHeight", self.stored_height);
    field("width", self.width);
    field("height", self.height);
    field("orientation", self.orientation);
    field("durationMs", self.duration_ms);
    field("make", self.make);
    field("model", self.model);
    field("lensModel", self.lens_model);
    field("exposureTime", self.exposure_time);
    field("projectionType", self.projection_type);
    field("profileDescription", self.profile_description);
    field("colorspace", self.colorspace);
    field("fNumber", self.f_number);
    field("focalLength", self.focal_length);
    field("fps", self.fps);
    field("iso", self.iso);
    field("bitsPerSample", self.bits_per_sample);
    field("rating", self.rating);
    field("description", self.description);
    field("livePhotoCid", self.live_photo_cid);
    field("autoStackId", self.auto_stack_id);
    field("tags", self.tags);
    field("faces", self.faces);
    field("motionVideo", self.motion_video);
    field("audio", self.audio);
    field("video", self.video);
    field("keyframes", self.keyframes);
  }
};

struct MetadataOrder {
  using Report = MetadataReport;
  static constexpr std::string_view kName = "metadata";

  std::string source;
  /// XMP file that overrides the file's own metadata; empty for none.
  std::string sidecar;
  /// Counts as one of the file's times when no tag holds a date.
  std::optional<TimePoint> fallback_date;

  static void Fields(auto& self, auto&& field) {
    field("source", self.source);
    field("sidecar", self.sidecar);
    field("fallbackDate", self.fallback_date);
  }
};

struct EmbeddedVideoReport {
  std::int64_t size_bytes = 0;
  /// SHA-1.
  std::vector<std::uint8_t> checksum;

  static void Fields(auto& self, auto&& field) {
    field("sizeBytes", self.size_bytes);
    field("checksum", self.checksum);
  }
};

/// Copy the video inside a motion photo to `target`, creating its folder, and sync it.
struct EmbeddedVideoOrder {
  using Report = EmbeddedVideoReport;
  static constexpr std::string_view kName = "embedded-video";

  std::string source;
  ByteRange range;
  std::string target;

  static void Fields(auto& self, auto&& field) {
    field("source", self.source);
    field("range", self.range);
    field("target", self.target);
  }
};

struct SidecarReport {
  static void Fields(auto& self, auto&& field) {}
};

/// Write an XMP file to `target`: the content of `base` (empty for none) with the given properties replaced. Absent
/// members are left as they are in `base`.
struct SidecarOrder {
  using Report = SidecarReport;
  static constexpr std::string_view kName = "sidecar";

  std::string base;
  std::string target;
  std::optional<std::string> description;
  std::optional<TimePoint> date_time_original;
  /// Zone the date is written in, as asset_exif has it; UTC when absent or unknown.
  std::optional<std::string> time_zone;
  std::optional<double> latitude, longitude;
  std::optional<int> rating;
  std::optional<std::vector<std::string>> tags;

  static void Fields(auto& self, auto&& field) {
    field("base", self.base);
    field("target", self.target);
    field("description", self.description);
    field("dateTimeOriginal", self.date_time_original);
    field("timeZone", self.time_zone);
    field("latitude", self.latitude);
    field("longitude", self.longitude);
    field("rating", self.rating);
    field("tags", self.tags);
  }
};

struct FaceCropReport {
  int width = 0, height = 0;

  static void Fields(auto& self, auto&& field) {
    field("width", self.width);
    field("height", self.height);
  }
};

/// Cut the square around a face and write it to `target.path`.
struct FaceCropOrder {
  using Report = FaceCropReport;
  static constexpr std::string_view kName = "face-crop";

  std::string source;
  CropOrder box;
  int box_space_width = 0, box_space_height = 0;
  bool use_display_p3 = true;
  bool extract_embedded = false;
  int embedded_min_px = 1440;
  bool process_invalid = false;
  RenditionOrder target;

  static void Fields(auto& self, auto&& field) {
    field("source", self.source);
    field("box", self.box);
    field("boxSpaceWidth", self.box_space_width);
    field("boxSpaceHeight", self.box_space_height);
    field("useDisplayP3", self.use_display_p3);
    field("extractEmbedded", self.extract_embedded);
    field("embeddedMinPx", self.embedded_min_px);
    field("processInvalid", self.process_invalid);
    field("target", self.target);
  }
};

// The functions below exist for the five orders and their reports.

/// `{"order":"<name>","data":{…}}`
template <class Order>
std::string EncodeOrder(const Order& order);
/// Name of the order in a message; empty when it is not one.
std::string OrderName(std::string_view message);
/// Throws BadRequest when the message is not this order.
template <class Order>
Order DecodeOrder(std::string_view message);

/// `{"report":{…}}` or `{"failure":{"kind":n,"message":"…"}}`. Text that is not valid UTF-8 is repaired, U+0000
/// dropped.
template <class Report>
std::string EncodeReply(const std::expected<Report, Failure>& reply);
std::string EncodeFailure(const Failure& failure);
/// Throws BadRequest when the message is neither.
template <class Report>
std::expected<Report, Failure> DecodeReply(std::string_view message);

}  // namespace immich::media
