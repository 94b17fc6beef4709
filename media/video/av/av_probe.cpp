#include "media/video/av/av_probe.hpp"

extern "C" {
#include <libavutil/dovi_meta.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <chrono>
#include <utility>

#include "media/video/av/av_container_tags.hpp"
#include "media/video/av/av_input.hpp"
#include "media/video/av/av_rotation.hpp"

namespace immich::media {
namespace {

constexpr std::chrono::seconds kProbeLimit{60};

double RealOf(AVRational rational) {
  return rational.den == 0 ? 0 : av_q2d(rational);
}

std::optional<DolbyVision> DolbyVisionOf(const AVStream* stream) {
  size_t size = 0;
  const uint8_t* data = av_stream_get_side_data(stream, AV_PKT_DATA_DOVI_CONF, &size);
  if (data == nullptr || size < sizeof(AVDOVIDecoderConfigurationRecord)) return std::nullopt;
  const auto* record = reinterpret_cast<const AVDOVIDecoderConfigurationRecord*>(data);
  return DolbyVision{record->dv_profile, record->dv_level, record->dv_bl_signal_compatibility_id};
}

/// FFmpeg uses -99 for "unknown".
std::optional<int> Known(int value) {
  return value == FF_PROFILE_UNKNOWN ? std::nullopt : std::optional(value);
}

std::string PixelFormatName(int format) {
  const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(format));
  return name == nullptr ? std::string() : name;
}

VideoStream DescribeVideo(AVFormatContext* format, AVStream* stream) {
  const AVCodecParameters* codec = stream->codecpar;
  const double aspect = RealOf(av_guess_sample_aspect_ratio(format, stream, nullptr));
  return {.index = stream->index,
          .codec_name = avcodec_get_name(codec->codec_id),
          .profile = Known(codec->profile),
          .level = Known(codec->level),
          .width = codec->width,
          .height = codec->height,
          .sample_aspect_ratio = aspect > 0 ? aspect : 1,
          .rotation_degrees = RotationOf(stream),
          .pixel_format = PixelFormatName(codec->format),
          .bitrate = codec->bit_rate,
          .frame_count = stream->nb_frames,
          .frames_per_second = RealOf(stream->avg_frame_rate.num != 0 ? stream->avg_frame_rate : stream->r_frame_rate),
          .time_base = stream->time_base.num == 0 ? 0 : stream->time_base.den / stream->time_base.num,
          .color_primaries = codec->color_primaries,
          .color_transfer = codec->color_trc,
          .color_matrix = codec->color_space,
          .full_range = codec->color_range == AVCOL_RANGE_JPEG,
          .dolby_vision = DolbyVisionOf(stream),
          .is_default = (stream->disposition & AV_DISPOSITION_DEFAULT) != 0};
}

AudioStream DescribeAudio(const AVStream* stream) {
  const AVCodecParameters* codec = stream->codecpar;
  return {.index = stream->index,
          .codec_name = avcodec_get_name(codec->codec_id),
          .profile = Known(codec->profile),
          .bitrate = codec->bit_rate,
          .channels = codec->ch_layout.nb_channels,
          .is_default = (stream->disposition & AV_DISPOSITION_DEFAULT) != 0};
}

/// Reads all packets of one stream. Other streams are skipped by the demuxer where it can.
KeyframeIndex ScanKeyframes(const AvInput& input, int stream_index) {
  for (unsigned i = 0; i < input->nb_streams; ++i) {
    input->streams[i]->discard = static_cast<int>(i) == stream_index ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  }
  KeyframeIndex index;
  const AvPacketHandle packet(av_packet_alloc());
  while (av_read_frame(input.get(), packet.get()) >= 0) {
    if (packet->stream_index == stream_index) {
      if ((packet->flags & AV_PKT_FLAG_KEY) != 0) {
        index.pts.push_back(packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts);
        index.accumulated_duration.push_back(index.total_duration);
        index.own_duration.push_back(packet->duration);
      }
      index.total_duration += packet->duration;
      ++index.packet_count;
      if ((packet->flags & AV_PKT_FLAG_DISCARD) == 0) ++index.output_frames;
    }
    av_packet_unref(packet.get());
  }
  return index;
}

}  // namespace

std::expected<VideoProbe, Failure> ProbeWithAv(const std::string& path, const ProbeOptions& options) {
  auto input = AvInput::Open(path, kProbeLimit);
  if (!input) return std::unexpected(input.error());
  VideoProbe probe;
  probe.format_name = (*input)->iformat->name;
  probe.format_long_name = (*input)->iformat->long_name == nullptr ? "" : (*input)->iformat->long_name;
  if ((*input)->duration != AV_NOPTS_VALUE && (*input)->duration > 0) {
    probe.duration_seconds = static_cast<double>((*input)->duration) / AV_TIME_BASE;
  }
  probe.bitrate = (*input)->bit_rate;
  for (AVStream* stream : input->StreamsByPreference(AVMEDIA_TYPE_VIDEO)) {
    probe.video_streams.push_back(DescribeVideo(input->get(), stream));
  }
  for (const AVStream* stream : input->StreamsByPreference(AVMEDIA_TYPE_AUDIO)) {
    probe.audio_streams.push_back(DescribeAudio(stream));
  }
  probe.container_tags = ContainerTags(*input);
  if (options.scan_keyframes && !probe.video_streams.empty()) {
    probe.keyframes = ScanKeyframes(*input, probe.video_streams.front().index);
    if (input->timed_out()) return Fail(FailureKind::kTimeout, "reading the packets took too long");
    VideoStream& video = probe.video_streams.front();
    if (video.frame_count == 0) video.frame_count = probe.keyframes->packet_count;
  }
  return probe;
}

}  // namespace immich::media
