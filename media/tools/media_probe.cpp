// media-probe: what the media library makes of files, and what it costs.
//   media-probe thumbnails [--out DIR] [--repeat N] [--srgb] FILE...
//   media-probe video [--out DIR] FILE...
//   media-probe metadata [--exiftool] [--sidecar XMP] FILE...
#include <sys/resource.h>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "media/image/image_renderer.hpp"
#include "media/metadata/exiftool/exiftool_reader.hpp"
#include "media/metadata/metadata_reader.hpp"
#include "media/metadata/metadata_rule.hpp"
#include "media/mime/media_types.hpp"
#include "media/video/video_probe.hpp"
#include "media/video/video_still.hpp"

namespace {

// A program of one file about one library.
using namespace immich::media;  // NOLINT(google-build-using-namespace)

double CpuMilliseconds() {
  timespec now = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

long PeakRssKilobytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void WriteFile(const std::filesystem::path& path, const std::vector<uint8_t>& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::string Describe(const Rendition& rendition) {
  return fmt::format(R"({{"width":{},"height":{},"bytes":{}{}{}}})", rendition.size.width, rendition.size.height,
                     rendition.bytes.size(), rendition.is_transparent ? R"(,"isTransparent":true)" : "",
                     rendition.is_progressive ? R"(,"isProgressive":true)" : "");
}

struct ThumbnailOptions {
  std::vector<std::string> files;
  std::string out;
  int repeat = 1;
  bool srgb = false;
  bool uncalibrated = false;
  bool extract_embedded = false;
  bool fullsize = false;
};

int RunThumbnails(const ThumbnailOptions& options) {
  int failed = 0;
  double total_ms = 0;
  for (const std::string& file : options.files) {
    RenderRequest request;
    request.path = file;
    if (options.srgb) request.profile = ColorProfile::kSrgb;
    if (options.uncalibrated) request.color.colorspace = "Uncalibrated";
    request.extract_embedded = options.extract_embedded;
    if (options.fullsize) request.fullsize.emplace();
    const double start = CpuMilliseconds();
    auto result = RenderImage(request);
    for (int i = 1; i < options.repeat; ++i) result = RenderImage(request);
    const double ms = (CpuMilliseconds() - start) / options.repeat;
    total_ms += ms;
    if (!result) {
      ++failed;
      fmt::print("{{\"file\":\"{}\",\"failure\":\"{}\",\"message\":\"{}\"}}\n", file,
                 FailureKindName(result.error().kind), result.error().message);
      continue;
    }
    fmt::print(
        "{{\"file\":\"{}\",\"source\":\"{}x{}\",\"profile\":\"{}\",\"preview\":{},\"thumbnail\":{},"
        "\"thumbhashBytes\":{},\"cpuMs\":{:.1f},\"peakRssKb\":{}}}\n",
        file, result->source_size.width, result->source_size.height,
        result->profile == ColorProfile::kSrgb ? "sRGB" : "P3", Describe(result->preview), Describe(result->thumbnail),
        result->thumbhash.size(), ms, PeakRssKilobytes());
    if (options.out.empty()) continue;
    const std::filesystem::path base = std::filesystem::path(options.out) / std::filesystem::path(file).filename();
    WriteFile(base.string() + "_preview.jpeg", result->preview.bytes);
    WriteFile(base.string() + "_thumbnail.webp", result->thumbnail.bytes);
    if (result->fullsize) WriteFile(base.string() + "_fullsize.jpeg", result->fullsize->bytes);
  }
  fmt::print("{{\"files\":{},\"failed\":{},\"cpuMsPerFile\":{:.1f},\"peakRssKb\":{}}}\n", options.files.size(), failed,
             total_ms / static_cast<double>(options.files.size()), PeakRssKilobytes());
  return failed == 0 ? 0 : 1;
}

struct MetadataOptions {
  std::vector<std::string> files;
  std::string sidecar;
  bool exiftool = false;
};

template <typename T>
std::string Text(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : "-";
}

/// One field a line, so that the output of two readers can be compared with diff.
void PrintMetadata(const MediaMetadata& m) {
  fmt::print("  dateTimeOriginal {}\n  localDateTime {}\n  timeZone {}\n",
             m.has_capture_date ? immich::ToIsoString(m.date_time_original) : "-",
             m.has_capture_date ? immich::ToIsoString(immich::TimePoint(m.local_date_time.time_since_epoch())) : "-",
             Text(m.time_zone));
  fmt::print("  gps {} {}\n  exifImage {}x{}\n  upright {}x{}\n  orientation {}\n", Text(m.latitude), Text(m.longitude),
             Text(m.exif_image_width), Text(m.exif_image_height), Text(m.width), Text(m.height), Text(m.orientation));
  fmt::print("  projection {}\n  bits {}\n  colorspace {}\n  profile {}\n", Text(m.projection_type),
             Text(m.bits_per_sample), Text(m.colorspace), Text(m.profile_description));
  fmt::print("  make {}\n  model {}\n  lens {}\n  fps {}\n  iso {}\n  fNumber {}\n  focalLength {}\n  exposure {}\n",
             Text(m.make), Text(m.model), Text(m.lens_model), Text(m.fps), Text(m.iso), Text(m.f_number),
             Text(m.focal_length), Text(m.exposure_time));
  fmt::print("  description {}\n  rating {}\n  livePhotoCID {}\n  autoStackId {}\n  durationMs {}\n", m.description,
             Text(m.rating), Text(m.live_photo_cid), Text(m.auto_stack_id), Text(m.duration_ms));
  for (const std::string& tag : m.tags) fmt::print("  tag {}\n", tag);
  for (const FaceRegion& face : m.faces) {
    fmt::print("  face {} {},{} {},{} of {}x{}\n", face.name, face.x1, face.y1, face.x2, face.y2, face.image_width,
               face.image_height);
  }
  if (m.motion_photo) fmt::print("  motionPhoto {}+{}\n", m.motion_photo->offset, m.motion_photo->length);
}

int RunMetadata(const MetadataOptions& options) {
  int failed = 0;
  for (const std::string& file : options.files) {
    fmt::print("{}\n", file);
    const double start = CpuMilliseconds();
    std::expected<MediaMetadata, Failure> metadata;
    if (options.exiftool) {
      const bool is_video = UsesVideoStills(file);
      auto tags = ReadTagsWithExifTool(file, is_video);
      if (tags) {
        metadata = DecideMetadata({.extension = std::string(FileExtension(file)),
                                   .media = *tags,
                                   .sidecar = {},
                                   .video = {},
                                   .file = {},
                                   .fallback_date = {}});
      } else {
        metadata = std::unexpected(tags.error());
      }
    } else {
      MetadataRequest request;
      request.path = file;
      if (UsesVideoStills(file)) {
        auto probe = ProbeVideo(file);
        if (probe) {
          request.video = VideoFactsOf(*probe);
          request.container_tags = probe->container_tags;
        }
      }
      if (!options.sidecar.empty()) request.sidecar_path = options.sidecar;
      metadata = ReadMetadata(request);
    }
    if (!metadata) {
      ++failed;
      fmt::print("  failure {}: {}\n", FailureKindName(metadata.error().kind), metadata.error().message);
      continue;
    }
    PrintMetadata(*metadata);
    fmt::print(stderr, "{}: {:.2f} ms CPU, {} kB peak\n", file, CpuMilliseconds() - start, PeakRssKilobytes());
  }
  return failed == 0 ? 0 : 1;
}

struct VideoOptions {
  std::vector<std::string> files;
  std::string out;
};

void PrintProbe(const VideoProbe& probe) {
  fmt::print("  format {} ({}), {} s, {} bit/s\n", probe.format_name, probe.format_long_name,
             Text(probe.duration_seconds), probe.bitrate);
  for (const VideoStream& v : probe.video_streams) {
    fmt::print(
        "  video #{} {} profile {} level {} {}x{} rotation {} {} {} bit/s {} frames {:.3f} fps 1/{} colour "
        "{}/{}/{}{}\n",
        v.index, v.codec_name, Text(v.profile), Text(v.level), v.width, v.height, v.rotation_degrees, v.pixel_format,
        v.bitrate, v.frame_count, v.frames_per_second, v.time_base, v.color_primaries, v.color_transfer, v.color_matrix,
        v.is_hdr() ? " HDR" : "");
    if (v.dolby_vision)
      fmt::print("  dolby vision profile {} level {}\n", v.dolby_vision->profile, v.dolby_vision->level);
  }
  for (const AudioStream& a : probe.audio_streams) {
    fmt::print("  audio #{} {} profile {} {} bit/s {} channels\n", a.index, a.codec_name, Text(a.profile), a.bitrate,
               a.channels);
  }
  if (probe.keyframes) {
    fmt::print("  {} key frames, {} packets, {} shown, {} ticks\n", probe.keyframes->pts.size(),
               probe.keyframes->packet_count, probe.keyframes->output_frames, probe.keyframes->total_duration);
  }
}

int RunVideo(const VideoOptions& options) {
  int failed = 0;
  for (const std::string& file : options.files) {
    fmt::print("{}\n", file);
    double start = CpuMilliseconds();
    const auto probe = ProbeVideo(file);
    const double probe_ms = CpuMilliseconds() - start;
    start = CpuMilliseconds();
    const auto still = RenderVideoStill({.path = file});
    const double still_ms = CpuMilliseconds() - start;
    if (probe) PrintProbe(*probe);
    if (!probe || !still) {
      ++failed;
      fmt::print("  failure {}\n", probe ? still.error().message : probe.error().message);
      continue;
    }
    fmt::print("  still {}\n  probe {:.1f} ms CPU, still {:.1f} ms CPU, {} kB peak\n", Describe(still->preview),
               probe_ms, still_ms, PeakRssKilobytes());
    if (options.out.empty()) continue;
    const std::filesystem::path base = std::filesystem::path(options.out) / std::filesystem::path(file).filename();
    WriteFile(base.string() + "_preview.jpeg", still->preview.bytes);
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Shows what the media library makes of files, and what it costs");
  app.require_subcommand(1);
  ThumbnailOptions thumbnails;
  CLI::App* thumbnails_command = app.add_subcommand("thumbnails", "render preview, thumbnail and thumbhash");
  thumbnails_command->add_option("files", thumbnails.files)->required();
  thumbnails_command->add_option("--out", thumbnails.out, "folder for the renditions");
  thumbnails_command->add_option("--repeat", thumbnails.repeat);
  thumbnails_command->add_flag("--srgb", thumbnails.srgb, "configured colour space sRGB instead of P3");
  thumbnails_command->add_flag("--uncalibrated", thumbnails.uncalibrated, "as if EXIF ColorSpace were Uncalibrated");
  thumbnails_command->add_flag("--extract-embedded", thumbnails.extract_embedded);
  thumbnails_command->add_flag("--fullsize", thumbnails.fullsize);
  MetadataOptions metadata;
  CLI::App* metadata_command = app.add_subcommand("metadata", "read the tags");
  metadata_command->add_option("files", metadata.files)->required();
  metadata_command->add_option("--sidecar", metadata.sidecar);
  metadata_command->add_flag("--exiftool", metadata.exiftool, "ask ExifTool only");
  VideoOptions video;
  CLI::App* video_command = app.add_subcommand("video", "probe a video and render its still");
  video_command->add_option("files", video.files)->required();
  video_command->add_option("--out", video.out, "folder for the still");
  CLI11_PARSE(app, argc, argv);
  if (thumbnails_command->parsed()) return RunThumbnails(thumbnails);
  if (metadata_command->parsed()) return RunMetadata(metadata);
  if (video_command->parsed()) return RunVideo(video);
  return 0;
}
