#include "media/video/av/av_input.hpp"

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/log.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

namespace immich::media {
namespace {

/// Demuxers for the extensions we accept. Not on the list, on purpose: hls, dash, concat, image2 and everything else
/// that opens further files.
constexpr const char* kFormats =
    "mov,mp4,matroska,webm,avi,flv,mpegts,mpeg,mpegvideo,m4v,h264,hevc,mxf,asf,wmv,gif,ogg,dv,vob";

std::unexpected<Failure> OpenFailure(int code, bool timed_out) {
  if (timed_out) return Fail(FailureKind::kTimeout, "took too long");
  if (code == AVERROR(ENOENT) || code == AVERROR(EACCES)) return Fail(FailureKind::kNotFound, AvErrorText(code));
  if (code == AVERROR_INVALIDDATA || code == AVERROR(EINVAL)) return Fail(FailureKind::kUnsupported, AvErrorText(code));
  return Fail(FailureKind::kCorrupt, AvErrorText(code));
}

}  // namespace

std::string AvErrorText(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

bool AvInput::timed_out() const {
  return std::chrono::steady_clock::now() > deadline_->at;
}

std::expected<AvInput, Failure> AvInput::Open(const std::string& path, std::chrono::seconds limit) {
  av_log_set_level(AV_LOG_QUIET);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return Fail(FailureKind::kNotFound, "not a regular file");

  AvInput input;
  input.deadline_ = std::make_unique<Deadline>(std::chrono::steady_clock::now() + limit);
  AVFormatContext* context = avformat_alloc_context();
  context->interrupt_callback = {
      [](void* deadline) { return std::chrono::steady_clock::now() > static_cast<Deadline*>(deadline)->at ? 1 : 0; },
      input.deadline_.get()};
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  av_dict_set(&options, "format_whitelist", kFormats, 0);
  const std::string url = "file:" + path;
  int code = avformat_open_input(&context, url.c_str(), nullptr, &options);
  av_dict_free(&options);
  if (code < 0) return OpenFailure(code, input.timed_out());
  input.format_.reset(context);
  code = avformat_find_stream_info(context, nullptr);
  if (code < 0) return OpenFailure(code, input.timed_out());
  return input;
}

std::vector<AVStream*> AvInput::StreamsByPreference(AVMediaType type) const {
  std::vector<AVStream*> streams;
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    AVStream* stream = format_->streams[i];
    const bool attached = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
    if (stream->codecpar->codec_type == type && !attached) streams.push_back(stream);
  }
  const auto rank = [](const AVStream* stream) {
    const bool is_default = (stream->disposition & AV_DISPOSITION_DEFAULT) != 0;
    return std::tuple(is_default ? 0 : 1, -stream->codecpar->bit_rate, stream->index);
  };
  std::ranges::sort(streams, {}, rank);
  return streams;
}

}  // namespace immich::media
