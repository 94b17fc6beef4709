#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "media/failure.hpp"
#include "media/metadata/media_metadata.hpp"
#include "media/metadata/tag_set.hpp"

namespace immich::media {

struct DolbyVision {
  int profile = 0;
  int level = 0;
  int compatibility_id = 0;  ///< bl_signal_compatibility_id
};

/// One video stream; names and numbers are FFmpeg's (codec, profile, pixel format) and H.273's (colour).
struct VideoStream {
  int index = 0;
  std::string codec_name;
  std::optional<int> profile;
  std::optional<int> level;
  int width = 0;  ///< as stored, before rotation
  int height = 0;
  double sample_aspect_ratio = 1;
  int rotation_degrees = 0;  ///< as players report it: -90 means "turn clockwise by 90°"
  std::string pixel_format;
  int64_t bitrate = 0;  ///< bits per second, 0 when the container does not say
  int64_t frame_count = 0;
  double frames_per_second = 0;
  int time_base = 0;  ///< ticks per second
  int color_primaries = 2;
  int color_transfer = 2;
  int color_matrix = 2;
  bool full_range = false;
  std::optional<DolbyVision> dolby_vision;
  bool is_default = false;

  bool is_hdr() const { return color_transfer == 16 || color_transfer == 18; }
};

struct AudioStream {
  int index = 0;
  std::string codec_name;
  std::optional<int> profile;
  int64_t bitrate = 0;
  int channels = 0;
  bool is_default = false;
};

/// Key frames of the chosen video stream, in ticks of its time base and in decoding order.
struct KeyframeIndex {
  std::vector<int64_t> pts;
  std::vector<int64_t> accumulated_duration;  ///< of all packets before the key frame
  std::vector<int64_t> own_duration;          ///< of the key frame's packet
  int64_t total_duration = 0;                 ///< of all packets
  int64_t packet_count = 0;
  int64_t output_frames = 0;  ///< packets a player shows: those an edit list cuts away are not counted
};

struct VideoProbe {
  std::string format_name;       ///< "mov,mp4,m4a,3gp,3g2,mj2"
  std::string format_long_name;  ///< "QuickTime / MOV"
  std::optional<double> duration_seconds;
  int64_t bitrate = 0;
  std::vector<VideoStream> video_streams;  ///< attached pictures left out; the one to use first
  std::vector<AudioStream> audio_streams;  ///< the one to use first
  std::optional<KeyframeIndex> keyframes;
  TagSet container_tags;  ///< dates, position, camera, live photo id; see MetadataRequest::container_tags
};

struct ProbeOptions {
  bool scan_keyframes = true;  ///< reads the packet index (or the whole file where there is none)
};

/// Opens a video or GIF and describes it. Of several streams of a kind the default one goes first, then the one with
/// the highest bitrate. Fails with kNotFound, kUnsupported (no demuxer on our list), kCorrupt or kTimeout (60 s).
std::expected<VideoProbe, Failure> ProbeVideo(const std::string& path, const ProbeOptions& options = {});

/// What ReadMetadata takes from a probe; nullopt when there is no video stream.
std::optional<VideoFacts> VideoFactsOf(const VideoProbe& probe);

}  // namespace immich::media
