#include "media/image/stills/raw_decoder.hpp"

#include <libraw/libraw.h>

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "media/image/color/icc_profile.hpp"
#include "media/image/jpeg/jpeg_decoder.hpp"
#include "media/image/rgb_scaler.hpp"

namespace immich::media {
namespace {

constexpr int kOutputSrgb = 1;
constexpr int kPpgDemosaic = 2;

struct ProcessedImageDeleter {
  void operator()(libraw_processed_image_t* image) const { LibRaw::dcraw_clear_mem(image); }
};
using ProcessedImage = std::unique_ptr<libraw_processed_image_t, ProcessedImageDeleter>;

std::unexpected<Failure> Broken(int code) {
  const bool unsupported =
      code == LIBRAW_FILE_UNSUPPORTED || code == LIBRAW_REQUEST_FOR_NONEXISTENT_IMAGE || code == LIBRAW_NOT_IMPLEMENTED;
  if (code > 0) return Fail(FailureKind::kNotFound, strerror(code));
  return Fail(unsupported ? FailureKind::kUnsupported : FailureKind::kCorrupt, libraw_strerror(code));
}

/// LibRaw's rotation codes.
Orientation OrientationOfFlip(int flip) {
  switch (flip) {
    case 3:
      return Orientation::kRotate180;
    case 5:
      return Orientation::kRotate270;
    case 6:
      return Orientation::kRotate90;
    default:
      return Orientation::kUpright;
  }
}

/// The embedded JPEG as a picture; kUnsupported when there is none that is large enough.
std::expected<DecodedImage, Failure> DecodeEmbedded(LibRaw& raw, const DecodeRequest& request) {
  if (raw.unpack_thumb() != LIBRAW_SUCCESS || raw.imgdata.thumbnail.tformat != LIBRAW_THUMBNAIL_JPEG) {
    return Fail(FailureKind::kUnsupported, "no embedded JPEG");
  }
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(raw.imgdata.thumbnail.thumb),
                                       raw.imgdata.thumbnail.tlength);
  auto decoder = JpegDecoder::Open(bytes);
  if (!decoder) return std::unexpected(decoder.error());
  if (decoder->header().size.shorter() < request.embedded_min_px) {
    return Fail(FailureKind::kUnsupported, "the embedded JPEG is too small");
  }
  DecodeRequest embedded = request;
  if (!embedded.fallback_orientation) embedded.fallback_orientation = OrientationOfFlip(raw.imgdata.sizes.flip);
  auto decoded = DecodeJpegStill(bytes, embedded);
  if (decoded) decoded->used_embedded = true;
  return decoded;
}

std::expected<ProcessedImage, Failure> Develop(LibRaw& raw, bool half_size) {
  auto& parameters = raw.imgdata.params;
  parameters.use_camera_wb = 1;
  parameters.output_color = kOutputSrgb;
  parameters.output_bps = 8;
  parameters.half_size = half_size ? 1 : 0;
  parameters.user_qual = kPpgDemosaic;
  int code = raw.unpack();
  if (code == LIBRAW_SUCCESS) code = raw.dcraw_process();
  if (code != LIBRAW_SUCCESS) return Broken(code);
  ProcessedImage image(raw.dcraw_make_mem_image(&code));
  if (image == nullptr) return Broken(code);
  if (image->type != LIBRAW_IMAGE_BITMAP || image->bits != 8 || (image->colors != 3 && image->colors != 1)) {
    return Fail(FailureKind::kUnsupported, "an unusual sensor");
  }
  return image;
}

PlanarImage ScaleDeveloped(const libraw_processed_image_t& image, ImageSize target) {
  RgbScaler scaler({image.width, image.height}, target, 3);
  std::vector<uint8_t> row(static_cast<size_t>(image.width) * 3);
  for (int y = 0; y < image.height; ++y) {
    const uint8_t* from = image.data + static_cast<size_t>(y) * image.width * image.colors;
    if (image.colors == 3) {
      scaler.FeedRow(from);
      continue;
    }
    for (size_t x = 0; x < image.width; ++x) std::fill_n(&row[3 * x], 3, from[x]);
    scaler.FeedRow(row.data());
  }
  return scaler.Take();
}

}  // namespace

std::expected<DecodedImage, Failure> DecodeRaw(const DecodeRequest& request) {
  const auto raw = std::make_unique<LibRaw>();
  const int opened = raw->open_file(request.path.c_str());
  if (opened != LIBRAW_SUCCESS) return Broken(opened);
  const auto& sizes = raw->imgdata.sizes;
  const bool turned = (sizes.flip & 4) != 0;
  const ImageSize full = turned ? ImageSize{sizes.iheight, sizes.iwidth} : ImageSize{sizes.iwidth, sizes.iheight};
  if (request.max_pixels > 0 && full.pixels() > request.max_pixels) {
    return Fail(FailureKind::kTooLarge, "more pixels than allowed");
  }
  if (request.extract_embedded) {
    auto embedded = DecodeEmbedded(*raw, request);
    if (embedded) return embedded;
  }
  DecodedImage out;
  out.full_size = full;
  out.scaled_size = DecodeSize(full, request.shorter_edge_px, request.crop);
  const bool half_is_enough = 2 * out.scaled_size.width <= full.width && 2 * out.scaled_size.height <= full.height;
  auto developed = Develop(*raw, half_is_enough);
  if (!developed) return std::unexpected(developed.error());
  out.planes = ScaleDeveloped(**developed, out.scaled_size);
  ConvertProfile(out.planes, {}, request.profile);
  return out;
}

}  // namespace immich::media
