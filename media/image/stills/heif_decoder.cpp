#include "media/image/stills/heif_decoder.hpp"

#include <libheif/heif.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/image/color/icc_profile.hpp"
#include "media/image/color/ycc_convert.hpp"
#include "media/image/color/ycc_normalise.hpp"
#include "media/image/plane_scaler.hpp"

namespace immich::media {
namespace {

template <auto Free>
struct Releaser {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Context = std::unique_ptr<heif_context, Releaser<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, Releaser<heif_image_handle_release>>;
using Image = std::unique_ptr<heif_image, Releaser<heif_image_release>>;
using Options = std::unique_ptr<heif_decoding_options, Releaser<heif_decoding_options_free>>;
using Nclx = std::unique_ptr<heif_color_profile_nclx, Releaser<heif_nclx_color_profile_free>>;

std::unexpected<Failure> Broken(const heif_error& error) {
  const bool unsupported =
      error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype;
  return Fail(unsupported ? FailureKind::kUnsupported : FailureKind::kCorrupt, error.message);
}

std::vector<uint8_t> IccOf(const heif_image_handle* handle) {
  std::vector<uint8_t> icc(heif_image_handle_get_raw_color_profile_size(handle));
  if (icc.empty() || heif_image_handle_get_raw_color_profile(handle, icc.data()).code != heif_error_Ok) return {};
  return icc;
}

YccEncoding EncodingOf(const heif_image_handle* handle, const heif_image* image, int bits) {
  YccEncoding encoding{.bits = bits};
  heif_color_profile_nclx* raw = nullptr;
  if (heif_image_handle_get_nclx_color_profile(handle, &raw).code != heif_error_Ok || raw == nullptr) {
    heif_image_get_nclx_color_profile(image, &raw);
  }
  const Nclx nclx(raw);
  if (nclx == nullptr) return encoding;
  encoding.full_range = nclx->full_range_flag != 0;
  encoding.primaries = nclx->color_primaries;
  encoding.transfer = nclx->transfer_characteristics;
  encoding.matrix = nclx->matrix_coefficients;
  return encoding;
}

struct ChannelView {
  const uint8_t* rows = nullptr;
  int stride = 0;
  ImageSize size;
};

std::optional<ChannelView> ViewOf(const heif_image* image, heif_channel channel) {
  if (heif_image_has_channel(image, channel) == 0) return std::nullopt;
  ChannelView view;
  view.rows = heif_image_get_plane_readonly(image, channel, &view.stride);
  view.size = {heif_image_get_width(image, channel), heif_image_get_height(image, channel)};
  if (view.rows == nullptr || view.size.width <= 0 || view.size.height <= 0) return std::nullopt;
  return view;
}

Plane ScaleView(const ChannelView& view, ImageSize target) {
  PlaneScaler scaler(view.size, target);
  scaler.Feed(view.rows, view.stride, view.size.height);
  return scaler.Take();
}

Plane Flat(ImageSize size, uint8_t value) {
  Plane plane(size.width, size.height);
  plane.Fill(value);
  return plane;
}

Plane ShiftToEightBit(const DeepPlane& deep, int bits) {
  Plane plane(deep.size.width, deep.size.height);
  size_t index = 0;
  for (int y = 0; y < deep.size.height; ++y) {
    for (int x = 0; x < deep.size.width; ++x)
      plane.Row(y)[x] = static_cast<uint8_t>(deep.samples[index++] >> (bits - 8));
  }
  return plane;
}

/// Colour planes at the target size; a grey picture gets neutral chroma.
struct ScaledPlanes {
  PlanarImage image;
  YccEncoding encoding;  ///< of `image`, after the reduction to 8 bits
};

std::expected<ScaledPlanes, Failure> ScalePlanes(const heif_image* image, const YccEncoding& encoding, ImageSize target,
                                                 ColorProfile profile) {
  const auto y = ViewOf(image, heif_channel_Y);
  const auto cb = ViewOf(image, heif_channel_Cb);
  const auto cr = ViewOf(image, heif_channel_Cr);
  if (!y) return Fail(FailureKind::kUnsupported, "no luma plane");
  ScaledPlanes out{.image = {}, .encoding = encoding};
  if (encoding.bits == 8) {
    out.image.y = ScaleView(*y, target);
    out.image.cb = cb ? ScaleView(*cb, target) : Flat(target, 128);
    out.image.cr = cr ? ScaleView(*cr, target) : Flat(target, 128);
    return out;
  }
  const auto scale = [&](const std::optional<ChannelView>& view) {
    if (view) return ScaleDeepPlane(view->rows, view->stride, view->size, encoding.bits, target);
    const auto neutral = static_cast<uint16_t>(1 << (encoding.bits - 1));
    return DeepPlane{target, std::vector<uint16_t>(static_cast<size_t>(target.pixels()), neutral)};
  };
  const DeepPicture deep{.y = scale(y), .cb = scale(cb), .cr = scale(cr), .encoding = encoding};
  if (deep.y.samples.empty() || deep.cb.samples.empty() || deep.cr.samples.empty()) {
    return Fail(FailureKind::kUnsupported, "an unusual number of bits");
  }
  out.image = ToEightBit(deep, profile);
  out.encoding = {
      .bits = 8, .full_range = true, .primaries = encoding.primaries, .transfer = encoding.transfer, .matrix = 6};
  return out;
}

std::optional<Plane> ScaleAlpha(const heif_image* image, ImageSize target) {
  const auto view = ViewOf(image, heif_channel_Alpha);
  if (!view) return std::nullopt;
  const int bits = heif_image_get_bits_per_pixel_range(image, heif_channel_Alpha);
  if (bits == 8) return ScaleView(*view, target);
  const DeepPlane deep = ScaleDeepPlane(view->rows, view->stride, view->size, bits, target);
  if (deep.samples.empty()) return std::nullopt;
  return ShiftToEightBit(deep, bits);
}

/// The planes as they are coded, or as YCbCr when they are coded as something else.
std::expected<Image, Failure> DecodePlanes(const heif_image_handle* handle, bool tolerate_truncated) {
  const Options options(heif_decoding_options_alloc());
  options->strict_decoding = tolerate_truncated ? 0 : 1;
  Image image;
  for (const heif_colorspace colorspace : {heif_colorspace_undefined, heif_colorspace_YCbCr}) {
    heif_image* raw = nullptr;
    const heif_error error = heif_decode_image(handle, &raw, colorspace, heif_chroma_undefined, options.get());
    image.reset(raw);
    if (error.code != heif_error_Ok) return Broken(error);
    if (heif_image_has_channel(raw, heif_channel_Y) != 0) return image;
  }
  return Fail(FailureKind::kUnsupported, "no luma plane");
}

/// SDR pictures: from the space of the ICC profile or the nclx primaries into the wanted one.
void ConvertSpace(PlanarImage& image, const std::vector<uint8_t>& icc, int primaries, ColorProfile target) {
  if (!icc.empty()) return ConvertProfile(image, icc, target);
  ConvertProfile(image, IccOfPrimaries(primaries), target);
}

}  // namespace

std::expected<DecodedImage, Failure> DecodeHeif(const DecodeRequest& request) {
  const Context context(heif_context_alloc());
  heif_error error = heif_context_read_from_file(context.get(), request.path.c_str(), nullptr);
  if (error.code != heif_error_Ok) return Broken(error);
  heif_context_set_max_decoding_threads(context.get(), 0);
  heif_image_handle* raw_handle = nullptr;
  error = heif_context_get_primary_image_handle(context.get(), &raw_handle);
  if (error.code != heif_error_Ok) return Broken(error);
  const Handle handle(raw_handle);

  DecodedImage out;
  out.full_size = {heif_image_handle_get_width(handle.get()), heif_image_handle_get_height(handle.get())};
  if (request.max_pixels > 0 && out.full_size.pixels() > request.max_pixels) {
    return Fail(FailureKind::kTooLarge, "more pixels than allowed");
  }
  auto decoded = DecodePlanes(handle.get(), request.tolerate_truncated);
  if (!decoded) return std::unexpected(decoded.error());
  const Image image = std::move(*decoded);

  const int bits = heif_image_get_bits_per_pixel_range(image.get(), heif_channel_Y);
  const YccEncoding encoding = EncodingOf(handle.get(), image.get(), bits);
  out.full_size = {heif_image_get_primary_width(image.get()), heif_image_get_primary_height(image.get())};
  out.scaled_size = DecodeSize(out.full_size, request.shorter_edge_px, request.crop);
  auto scaled = ScalePlanes(image.get(), encoding, out.scaled_size, request.profile);
  if (!scaled) return std::unexpected(scaled.error());
  out.planes = std::move(scaled->image);
  out.planes.alpha = ScaleAlpha(image.get(), out.scaled_size);
  NormaliseYcc(out.planes, scaled->encoding);
  if (!encoding.is_hdr()) ConvertSpace(out.planes, IccOf(handle.get()), encoding.primaries, request.profile);
  return out;
}

}  // namespace immich::media
