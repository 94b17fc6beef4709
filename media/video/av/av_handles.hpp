#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

#include <memory>
#include <string>

namespace immich::media {

struct AvFormatDeleter {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
struct AvCodecDeleter {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct AvFrameDeleter {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct AvPacketDeleter {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
using AvFormatHandle = std::unique_ptr<AVFormatContext, AvFormatDeleter>;
using AvCodecHandle = std::unique_ptr<AVCodecContext, AvCodecDeleter>;
using AvFrameHandle = std::unique_ptr<AVFrame, AvFrameDeleter>;
using AvPacketHandle = std::unique_ptr<AVPacket, AvPacketDeleter>;

/// FFmpeg's text for an error code.
std::string AvErrorText(int code);

}  // namespace immich::media
