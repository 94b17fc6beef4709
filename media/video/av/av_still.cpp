#include "media/video/av/av_still.hpp"

#include <chrono>
#include <cstring>
#include <map>
#include <utility>

#include "media/image/image_geometry.hpp"
#include "media/image/plane_ops.hpp"
#include "media/video/av/av_frame_picture.hpp"
#include "media/video/av/av_input.hpp"
#include "media/video/av/av_rotation.hpp"
#include "media/video/still_picker.hpp"

namespace immich::media {
namespace {

constexpr std::chrono::seconds kStillLimit{120};
/// Pictures larger than this are refused before a frame is allocated (16k × 16k).
constexpr int64_t kMaxFramePixels = 268'402'689;

std::expected<AvCodecHandle, Failure> OpenDecoder(const AVStream* stream, AVDiscard skip) {
  const AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
  if (codec == nullptr) return Fail(FailureKind::kUnsupported, "no decoder for this codec");
  AvCodecHandle decoder(avcodec_alloc_context3(codec));
  if (decoder == nullptr || avcodec_parameters_to_context(decoder.get(), stream->codecpar) < 0) {
    return Fail(FailureKind::kInternal, "the decoder could not be set up");
  }
  decoder->thread_count = 1;
  decoder->skip_frame = skip;
  decoder->max_pixels = kMaxFramePixels;
  decoder->pkt_timebase = stream->time_base;
  const int code = avcodec_open2(decoder.get(), codec, nullptr);
  if (code < 0) return Fail(FailureKind::kUnsupported, AvErrorText(code));
  return decoder;
}

/// Runs the decoder over the file and lets the picker look at each frame.
class StillSearch {
 public:
  StillSearch(const AvInput& input, AVStream* stream, AVCodecContext* decoder)
      : input_(input), stream_(stream), decoder_(decoder), frame_(av_frame_alloc()) {}

  AvFrameHandle Run() {
    const AvPacketHandle packet(av_packet_alloc());
    while (!picker_.done() && av_read_frame(input_.get(), packet.get()) >= 0) {
      if (packet->stream_index == stream_->index && Wanted(packet.get())) Decode(packet.get());
      av_packet_unref(packet.get());
    }
    if (!picker_.done()) Decode(nullptr);
    picker_.Finish();
    const auto chosen = picker_.chosen();
    return chosen ? std::move(kept_[*chosen]) : nullptr;
  }

 private:
  /// Packets between key frames need not reach the decoder at all (most demuxers do not even read them).
  bool Wanted(const AVPacket* packet) const {
    return decoder_->skip_frame != AVDISCARD_NONINTRA || (packet->flags & AV_PKT_FLAG_KEY) != 0;
  }

  void Decode(const AVPacket* packet) {
    if (avcodec_send_packet(decoder_, packet) < 0) return;
    while (avcodec_receive_frame(decoder_, frame_.get()) >= 0) {
      if (!picker_.done()) Offer();
      av_frame_unref(frame_.get());
    }
  }

  void Offer() {
    const int64_t pts = frame_->best_effort_timestamp;
    const int64_t start = stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
    const double seconds = pts == AV_NOPTS_VALUE ? 0 : static_cast<double>(pts - start) * av_q2d(stream_->time_base);
    const int id = next_id_++;
    kept_[id].reset(av_frame_clone(frame_.get()));
    picker_.Add(id, seconds, DigestOf(frame_.get()));
    std::erase_if(kept_, [this](const auto& entry) { return !picker_.Needs(entry.first); });
  }

  const AvInput& input_;
  AVStream* stream_;
  AVCodecContext* decoder_;
  AvFrameHandle frame_;
  StillPicker picker_;
  std::map<int, AvFrameHandle> kept_;
  int next_id_ = 0;
};

std::expected<AvFrameHandle, Failure> FindStill(const std::string& path, AVDiscard skip, int& rotation) {
  auto input = AvInput::Open(path, kStillLimit);
  if (!input) return std::unexpected(input.error());
  const auto streams = input->StreamsByPreference(AVMEDIA_TYPE_VIDEO);
  if (streams.empty()) return Fail(FailureKind::kUnsupported, "no video stream");
  AVStream* stream = streams.front();
  rotation = RotationOf(stream);
  for (unsigned i = 0; i < (*input)->nb_streams; ++i) {
    if ((*input)->streams[i] != stream) (*input)->streams[i]->discard = AVDISCARD_ALL;
  }
  // MPEG transport streams often lack marked key frames.
  if (std::strcmp((*input)->iformat->name, "mpegts") == 0) skip = AVDISCARD_DEFAULT;
  stream->discard = skip == AVDISCARD_NONINTRA ? AVDISCARD_NONKEY : AVDISCARD_DEFAULT;
  const auto decoder = OpenDecoder(stream, skip);
  if (!decoder) return std::unexpected(decoder.error());
  AvFrameHandle frame = StillSearch(*input, stream, decoder->get()).Run();
  if (frame == nullptr) {
    return Fail(input->timed_out() ? FailureKind::kTimeout : FailureKind::kCorrupt, "no frame could be decoded");
  }
  return frame;
}

Orientation OrientationOfRotation(int rotation_degrees) {
  // The matrix turns counter-clockwise.
  const int clockwise = ((-rotation_degrees % 360) + 360) % 360;
  return OrientationFromRotation((clockwise + 45) / 90 * 90 % 360);
}

}  // namespace

std::expected<PlanarImage, Failure> DecodeStillFrame(const std::string& path, int shorter_edge_px) {
  int rotation = 0;
  auto frame = FindStill(path, AVDISCARD_NONINTRA, rotation);
  if (!frame && frame.error().kind == FailureKind::kCorrupt) frame = FindStill(path, AVDISCARD_DEFAULT, rotation);
  if (!frame) return std::unexpected(frame.error());
  const ImageSize stored{(*frame)->width, (*frame)->height};
  auto picture = FramePicture(frame->get(), FitShorterEdgeEven(stored, shorter_edge_px));
  if (!picture) return picture;
  const ImageSize size = picture->size();
  return CropAndOrient(std::move(*picture), {0, 0, size.width, size.height}, OrientationOfRotation(rotation));
}

}  // namespace immich::media
