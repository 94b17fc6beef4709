#include "media/video/av/av_frame_picture.hpp"

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <memory>

#include "media/image/color/icc_profile.hpp"
#include "media/image/color/ycc_normalise.hpp"
#include "media/image/plane_scaler.hpp"

namespace immich::media {
namespace {

using Scaler = std::unique_ptr<SwsContext, void (*)(SwsContext*)>;

constexpr int kUnspecified = 2;
constexpr int kBt601 = 6;
constexpr int kBt709 = 1;
/// Without a tag, frames of at least this height are read as BT.709 (what players do).
constexpr int kHdHeight = 720;

/// How to read the samples. Reserved (0) and unspecified numbers get the usual defaults.
YccEncoding EncodingOf(const AVFrame* frame, const AVPixFmtDescriptor* descriptor) {
  YccEncoding encoding;
  encoding.bits = descriptor->comp[0].depth;
  encoding.full_range = frame->color_range == AVCOL_RANGE_JPEG;
  encoding.primaries = frame->color_primaries == 0 ? kBt709 : frame->color_primaries;
  encoding.transfer = frame->color_trc == 0 ? kBt709 : frame->color_trc;
  encoding.matrix = frame->colorspace == 0 ? kBt709 : frame->colorspace;
  if (encoding.matrix == kUnspecified) encoding.matrix = frame->height >= kHdHeight ? kBt709 : kBt601;
  switch (frame->format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
      encoding.full_range = true;
      break;
    default:
      break;
  }
  return encoding;
}

/// Three planes of YCbCr in whole bytes or little-endian 16-bit words: what our plane code reads directly.
bool IsPlanarYcc(const AVPixFmtDescriptor* descriptor) {
  constexpr uint64_t kOther = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_HWACCEL |
                              AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_FLOAT;
  if ((descriptor->flags & kOther) != 0 || (descriptor->flags & AV_PIX_FMT_FLAG_PLANAR) == 0) return false;
  if (descriptor->nb_components < 3) return false;
  for (int i = 0; i < 3; ++i) {
    const AVComponentDescriptor& component = descriptor->comp[i];
    if (component.plane != i || component.shift != 0 || component.offset != 0) return false;
  }
  return true;
}

ImageSize PlaneSize(const AVFrame* frame, const AVPixFmtDescriptor* descriptor, int plane) {
  if (plane == 0) return {frame->width, frame->height};
  return {AV_CEIL_RSHIFT(frame->width, descriptor->log2_chroma_w),
          AV_CEIL_RSHIFT(frame->height, descriptor->log2_chroma_h)};
}

PlanarImage EightBitPicture(const AVFrame* frame, const AVPixFmtDescriptor* descriptor, ImageSize target) {
  Plane planes[3];
  for (int i = 0; i < 3; ++i) {
    PlaneScaler scaler(PlaneSize(frame, descriptor, i), target);
    scaler.Feed(frame->data[i], frame->linesize[i], PlaneSize(frame, descriptor, i).height);
    planes[i] = scaler.Take();
  }
  return {.y = std::move(planes[0]), .cb = std::move(planes[1]), .cr = std::move(planes[2]), .alpha = {}};
}

std::expected<PlanarImage, Failure> DeepFramePicture(const AVFrame* frame, const AVPixFmtDescriptor* descriptor,
                                                     const YccEncoding& encoding, ImageSize target) {
  DeepPlane planes[3];
  for (int i = 0; i < 3; ++i) {
    planes[i] =
        ScaleDeepPlane(frame->data[i], frame->linesize[i], PlaneSize(frame, descriptor, i), encoding.bits, target);
    if (planes[i].samples.empty()) return Fail(FailureKind::kUnsupported, "an unusual number of bits");
  }
  return ToEightBit(
      {.y = std::move(planes[0]), .cb = std::move(planes[1]), .cr = std::move(planes[2]), .encoding = encoding},
      ColorProfile::kSrgb);
}

/// Everything else (GIF palettes, packed and semi-planar formats) through swscale to 4:4:4.
std::expected<PlanarImage, Failure> ConvertedPicture(const AVFrame* frame, ImageSize target) {
  const Scaler scaler(
      sws_getContext(frame->width, frame->height, static_cast<AVPixelFormat>(frame->format), target.width,
                     target.height, AV_PIX_FMT_YUVJ444P, SWS_BICUBIC | SWS_ACCURATE_RND, nullptr, nullptr, nullptr),
      sws_freeContext);
  if (scaler == nullptr) return Fail(FailureKind::kUnsupported, "an unusual pixel format");
  PlanarImage out = MakePlanarImage(target);
  uint8_t* to[4] = {out.y.Row(0), out.cb.Row(0), out.cr.Row(0)};
  const int stride[4] = {out.y.stride(), out.cb.stride(), out.cr.stride()};
  if (sws_scale(scaler.get(), frame->data, frame->linesize, 0, frame->height, to, stride) <= 0) {
    return Fail(FailureKind::kUnsupported, "the frame could not be converted");
  }
  return out;
}

}  // namespace

std::expected<PlanarImage, Failure> FramePicture(const AVFrame* frame, ImageSize target) {
  const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame->format));
  if (descriptor == nullptr) return Fail(FailureKind::kUnsupported, "an unknown pixel format");
  if (!IsPlanarYcc(descriptor)) return ConvertedPicture(frame, target);
  const YccEncoding encoding = EncodingOf(frame, descriptor);
  std::expected<PlanarImage, Failure> picture;
  if (encoding.bits == 8) {
    picture = EightBitPicture(frame, descriptor, target);
    NormaliseYcc(*picture, encoding);
  } else {
    picture = DeepFramePicture(frame, descriptor, encoding, target);
  }
  if (picture && !encoding.is_hdr()) ConvertProfile(*picture, IccOfPrimaries(encoding.primaries), ColorProfile::kSrgb);
  return picture;
}

FrameDigest DigestOf(const AVFrame* frame) {
  constexpr int kWidth = 64;
  constexpr int kHeight = 36;
  constexpr int kSlack = 64;  // swscale writes rows in whole vectors
  const Scaler scaler(sws_getContext(frame->width, frame->height, static_cast<AVPixelFormat>(frame->format), kWidth,
                                     kHeight, AV_PIX_FMT_RGB24, SWS_POINT, nullptr, nullptr, nullptr),
                      sws_freeContext);
  FrameDigest digest;
  if (scaler == nullptr) return digest;
  digest.rgb.resize(static_cast<size_t>(kWidth) * kHeight * 3 + kSlack);
  uint8_t* to[4] = {digest.rgb.data()};
  const int stride[4] = {kWidth * 3};
  sws_scale(scaler.get(), frame->data, frame->linesize, 0, frame->height, to, stride);
  digest.rgb.resize(static_cast<size_t>(kWidth) * kHeight * 3);
  return digest;
}

}  // namespace immich::media
