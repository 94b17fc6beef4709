#include "media/image/stills/jxl_decoder.hpp"

#include <jxl/decode.h>
#include <jxl/decode_cxx.h>

#include <optional>
#include <utility>
#include <vector>

#include "media/image/color/icc_profile.hpp"
#include "media/image/rgb_scaler.hpp"

namespace immich::media {
namespace {

/// What the decoder has produced so far.
struct JxlPicture {
  JxlBasicInfo info{};
  std::vector<uint8_t> icc;
  std::vector<uint8_t> pixels;

  ImageSize size() const { return {static_cast<int>(info.xsize), static_cast<int>(info.ysize)}; }
  int channels() const { return info.alpha_bits > 0 ? 4 : 3; }
  JxlPixelFormat format() const { return {static_cast<uint32_t>(channels()), JXL_TYPE_UINT8, JXL_LITTLE_ENDIAN, 0}; }
};

std::vector<uint8_t> IccOf(JxlDecoder* decoder, const JxlPixelFormat& format) {
  size_t size = 0;
  if (JxlDecoderGetICCProfileSize(decoder, &format, JXL_COLOR_PROFILE_TARGET_DATA, &size) != JXL_DEC_SUCCESS) return {};
  std::vector<uint8_t> icc(size);
  if (JxlDecoderGetColorAsICCProfile(decoder, &format, JXL_COLOR_PROFILE_TARGET_DATA, icc.data(), icc.size()) !=
      JXL_DEC_SUCCESS) {
    return {};
  }
  return icc;
}

/// Feeds the decoder until the first frame is complete.
std::expected<JxlPicture, Failure> DecodeFrame(JxlDecoder* decoder, const std::vector<uint8_t>& bytes,
                                               const DecodeRequest& request) {
  JxlPicture picture;
  JxlDecoderSubscribeEvents(decoder, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
  JxlDecoderSetInput(decoder, bytes.data(), bytes.size());
  JxlDecoderCloseInput(decoder);
  while (true) {
    switch (JxlDecoderProcessInput(decoder)) {
      case JXL_DEC_BASIC_INFO:
        if (JxlDecoderGetBasicInfo(decoder, &picture.info) != JXL_DEC_SUCCESS) {
          return Fail(FailureKind::kCorrupt, "no header");
        }
        if (request.max_pixels > 0 && picture.size().pixels() > request.max_pixels) {
          return Fail(FailureKind::kTooLarge, "more pixels than allowed");
        }
        break;
      case JXL_DEC_COLOR_ENCODING:
        picture.icc = IccOf(decoder, picture.format());
        break;
      case JXL_DEC_NEED_IMAGE_OUT_BUFFER: {
        const JxlPixelFormat format = picture.format();
        size_t size = 0;
        if (JxlDecoderImageOutBufferSize(decoder, &format, &size) != JXL_DEC_SUCCESS) {
          return Fail(FailureKind::kCorrupt, "no output size");
        }
        picture.pixels.resize(size);
        JxlDecoderSetImageOutBuffer(decoder, &format, picture.pixels.data(), size);
        break;
      }
      case JXL_DEC_FULL_IMAGE:
      case JXL_DEC_SUCCESS:
        return picture;
      case JXL_DEC_NEED_MORE_INPUT:
        if (request.tolerate_truncated && !picture.pixels.empty() && JxlDecoderFlushImage(decoder) == JXL_DEC_SUCCESS) {
          return picture;
        }
        return Fail(FailureKind::kCorrupt, "the file ends early");
      default:
        return Fail(FailureKind::kCorrupt, "libjxl cannot decode it");
    }
  }
}

}  // namespace

std::expected<DecodedImage, Failure> DecodeJxl(const DecodeRequest& request) {
  const auto bytes = ReadFileBytes(request.path);
  if (!bytes) return std::unexpected(bytes.error());
  const JxlDecoderPtr decoder = JxlDecoderMake(nullptr);
  auto picture = DecodeFrame(decoder.get(), *bytes, request);
  if (!picture) return std::unexpected(picture.error());
  if (picture->pixels.empty()) return Fail(FailureKind::kCorrupt, "no picture");

  DecodedImage out;
  out.full_size = picture->size();
  out.scaled_size = DecodeSize(out.full_size, request.shorter_edge_px, request.crop);
  RgbScaler scaler(out.full_size, out.scaled_size, picture->channels());
  const size_t row_bytes = static_cast<size_t>(out.full_size.width) * static_cast<size_t>(picture->channels());
  for (int y = 0; y < out.full_size.height; ++y)
    scaler.FeedRow(picture->pixels.data() + static_cast<size_t>(y) * row_bytes);
  out.planes = scaler.Take();
  ConvertProfile(out.planes, picture->icc, request.profile);
  return out;
}

}  // namespace immich::media
