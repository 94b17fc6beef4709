#include "media/image/color/ycc_normalise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "media/image/color/color_matrix.hpp"
#include "media/image/color/tone_map.hpp"

extern "C" {
#include <libavutil/pixfmt.h>
#include <libswscale/swscale.h>
}

namespace immich::media {
namespace {

constexpr int kMatrixIdentity = 0;

/// Sample values to 0..1 (luma) and -0.5..0.5 (chroma).
struct SampleScale {
  float luma_offset, luma_scale, chroma_offset, chroma_scale;
};

SampleScale ScaleOf(const YccEncoding& encoding) {
  const auto step = static_cast<float>(1 << (encoding.bits - 8));
  const auto top = static_cast<float>((1 << encoding.bits) - 1);
  const float middle = 128 * step;
  if (encoding.full_range) return {0, 1 / top, middle, 1 / top};
  return {16 * step, 1 / (219 * step), middle, 1 / (224 * step)};
}

/// Reads pixels of any matrix and range as R'G'B' in 0..1 (not clamped).
class RgbReader {
 public:
  explicit RgbReader(const YccEncoding& encoding)
      : scale_(ScaleOf(encoding)), identity_(encoding.matrix == kMatrixIdentity) {
    const LumaWeights weights = LumaWeightsOf(encoding.matrix);
    const double green = 1 - weights.red - weights.blue;
    red_ = static_cast<float>(2 * (1 - weights.red));
    blue_ = static_cast<float>(2 * (1 - weights.blue));
    green_red_ = static_cast<float>(2 * (1 - weights.red) * weights.red / green);
    green_blue_ = static_cast<float>(2 * (1 - weights.blue) * weights.blue / green);
  }

  std::array<float, 3> Read(float y, float cb, float cr) const {
    const float luma = (y - scale_.luma_offset) * scale_.luma_scale;
    if (identity_) {
      return {(cr - scale_.luma_offset) * scale_.luma_scale, luma, (cb - scale_.luma_offset) * scale_.luma_scale};
    }
    const float blue = (cb - scale_.chroma_offset) * scale_.chroma_scale;
    const float red = (cr - scale_.chroma_offset) * scale_.chroma_scale;
    return {luma + red_ * red, luma - green_blue_ * blue - green_red_ * red, luma + blue_ * blue};
  }

 private:
  SampleScale scale_;
  bool identity_;
  float red_, blue_, green_red_, green_blue_;
};

uint8_t ToByte(float value) {
  return static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
}

/// Writes R'G'B' in 0..1 as full-range BT.601.
void WriteYcc(const std::array<float, 3>& rgb, PlanarImage& image, int x, int y) {
  const float luma = 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2];
  image.y.Row(y)[x] = ToByte(255 * luma);
  image.cb.Row(y)[x] = ToByte(128 + 255 / 1.772F * (rgb[2] - luma));
  image.cr.Row(y)[x] = ToByte(128 + 255 / 1.402F * (rgb[0] - luma));
}

AVPixelFormat GreyFormat(int bits) {
  switch (bits) {
    case 9:
      return AV_PIX_FMT_GRAY9LE;
    case 10:
      return AV_PIX_FMT_GRAY10LE;
    case 12:
      return AV_PIX_FMT_GRAY12LE;
    case 14:
      return AV_PIX_FMT_GRAY14LE;
    case 16:
      return AV_PIX_FMT_GRAY16LE;
    default:
      return AV_PIX_FMT_NONE;
  }
}

}  // namespace

void NormaliseYcc(PlanarImage& image, const YccEncoding& encoding) {
  const bool is_601 = encoding.matrix == 2 || encoding.matrix == 5 || encoding.matrix == 6;
  if (is_601 && encoding.full_range) return;
  const RgbReader reader(encoding);
  for (int y = 0; y < image.size().height; ++y) {
    const uint8_t* luma = image.y.Row(y);
    const uint8_t* cb = image.cb.Row(y);
    const uint8_t* cr = image.cr.Row(y);
    for (int x = 0; x < image.size().width; ++x) WriteYcc(reader.Read(luma[x], cb[x], cr[x]), image, x, y);
  }
}

DeepPlane ScaleDeepPlane(const uint8_t* rows, int stride_bytes, ImageSize source, int bits, ImageSize target) {
  const AVPixelFormat format = GreyFormat(bits);
  if (format == AV_PIX_FMT_NONE) return {};
  const std::unique_ptr<SwsContext, void (*)(SwsContext*)> context(
      sws_getContext(source.width, source.height, format, target.width, target.height, format,
                     SWS_BICUBIC | SWS_ACCURATE_RND, nullptr, nullptr, nullptr),
      sws_freeContext);
  if (context == nullptr) return {};
  DeepPlane out{.size = target, .samples = {}};
  // swscale writes rows in blocks of up to 64 bytes: room behind the last one.
  constexpr size_t kSlack = 64;
  const size_t samples = static_cast<size_t>(target.pixels());
  out.samples.resize(samples + kSlack);
  const uint8_t* from[4] = {rows};
  const int from_stride[4] = {stride_bytes};
  uint8_t* to[4] = {reinterpret_cast<uint8_t*>(out.samples.data())};
  const int to_stride[4] = {target.width * 2};
  if (sws_scale(context.get(), from, from_stride, 0, source.height, to, to_stride) <= 0) return {};
  out.samples.resize(samples);
  return out;
}

PlanarImage ToEightBit(const DeepPicture& picture, ColorProfile target) {
  const ImageSize size = picture.y.size;
  PlanarImage out = MakePlanarImage(size);
  const RgbReader reader(picture.encoding);
  const ToneMap tone_map(picture.encoding, target);
  size_t index = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x, ++index) {
      std::array<float, 3> rgb =
          reader.Read(picture.y.samples[index], picture.cb.samples[index], picture.cr.samples[index]);
      if (picture.encoding.is_hdr()) rgb = tone_map.ToSdr(rgb);
      WriteYcc(rgb, out, x, y);
    }
  }
  return out;
}

}  // namespace immich::media
