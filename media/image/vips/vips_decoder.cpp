#include "media/image/vips/vips_decoder.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "media/image/color/icc_profile.hpp"
#include "media/image/color/ycc_convert.hpp"
#include "media/image/vips/vips_loader.hpp"

namespace immich::media {
namespace {

/// Runs one libvips operation `call(in, &out)`.
template <typename Call>
std::expected<VipsHandle, Failure> Apply(const VipsHandle& in, Call call) {
  VipsImage* out = nullptr;
  if (call(in.get(), &out) != 0) return VipsFailure(FailureKind::kCorrupt);
  return VipsHandle(out);
}

bool StartVips() {
  static const bool kStarted = [] {
    if (vips_init("immich") != 0) return false;
    // One picture per core: threads inside a picture cost more than they bring. Operations are never repeated.
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    return true;
  }();
  return kStarted;
}

std::expected<VipsHandle, Failure> Resize(const VipsHandle& image, ImageSize target) {
  const double horizontal = static_cast<double>(target.width) / image->Xsize;
  const double vertical = static_cast<double>(target.height) / image->Ysize;
  const auto resize = [&](VipsImage* in, VipsImage** out) {
    return vips_resize(in, out, horizontal, "vscale", vertical, nullptr);
  };
  if (vips_image_hasalpha(image.get()) == 0) return Apply(image, resize);
  // Colour of transparent pixels must not bleed into their neighbours.
  const VipsBandFormat format = image->BandFmt;
  auto premultiplied = Apply(image, [](VipsImage* in, VipsImage** out) { return vips_premultiply(in, out, nullptr); });
  if (!premultiplied) return premultiplied;
  auto resized = Apply(*premultiplied, resize);
  if (!resized) return resized;
  auto straight = Apply(*resized, [](VipsImage* in, VipsImage** out) { return vips_unpremultiply(in, out, nullptr); });
  if (!straight) return straight;
  return Apply(*straight, [&](VipsImage* in, VipsImage** out) { return vips_cast(in, out, format, nullptr); });
}

std::vector<uint8_t> EmbeddedIcc(const VipsHandle& image) {
  const void* data = nullptr;
  size_t size = 0;
  if (vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) == 0 ||
      vips_image_get_blob(image.get(), VIPS_META_ICC_NAME, &data, &size) != 0) {
    return {};
  }
  const auto* bytes = static_cast<const uint8_t*>(data);
  return {bytes, bytes + size};
}

const char* VipsProfileName(ColorProfile profile) {
  return profile == ColorProfile::kSrgb ? "srgb" : "p3";
}

/// 8-bit RGB or RGBA and the profile its numbers are in (empty: sRGB).
struct RgbImage {
  VipsHandle image;
  std::vector<uint8_t> icc;
};

/// Everything that is not plain 8-bit RGB goes through libvips' own colour management, at full depth.
std::expected<RgbImage, Failure> ToRgb(VipsHandle image, ColorProfile target) {
  std::vector<uint8_t> icc = EmbeddedIcc(image);
  const bool is_cmyk = image->Type == VIPS_INTERPRETATION_CMYK;
  const bool is_plain = image->Type == VIPS_INTERPRETATION_sRGB && image->BandFmt == VIPS_FORMAT_UCHAR;
  if (is_plain) return RgbImage{std::move(image), std::move(icc)};
  if (is_cmyk || !icc.empty()) {
    auto converted = Apply(image, [&](VipsImage* in, VipsImage** out) {
      return vips_icc_transform(in, out, VipsProfileName(target), "embedded", TRUE, "input_profile",
                                is_cmyk ? "cmyk" : "srgb", "intent", VIPS_INTENT_PERCEPTUAL, "depth", 8, nullptr);
    });
    if (converted) {
      const auto bytes = IccProfileBytes(target);
      return RgbImage{std::move(*converted), {bytes.begin(), bytes.end()}};
    }
  }
  auto converted = Apply(image, [](VipsImage* in, VipsImage** out) {
    return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, nullptr);
  });
  if (!converted) return std::unexpected(converted.error());
  auto narrowed =
      Apply(*converted, [](VipsImage* in, VipsImage** out) { return vips_cast(in, out, VIPS_FORMAT_UCHAR, nullptr); });
  if (!narrowed) return std::unexpected(narrowed.error());
  return RgbImage{std::move(*narrowed), {}};
}

struct GFreeDeleter {
  void operator()(void* memory) const { g_free(memory); }
};

std::expected<PlanarImage, Failure> ToPlanes(const VipsHandle& image) {
  size_t size = 0;
  const std::unique_ptr<void, GFreeDeleter> pixels(vips_image_write_to_memory(image.get(), &size));
  if (pixels == nullptr) return VipsFailure(FailureKind::kCorrupt);
  const int bands = image->Bands;
  const ImageSize dimensions{image->Xsize, image->Ysize};
  if (bands < 3 || size < static_cast<size_t>(dimensions.pixels()) * static_cast<size_t>(bands)) {
    return Fail(FailureKind::kUnsupported, "an unusual number of channels");
  }
  PlanarImage planes = MakePlanarImage(dimensions, bands >= 4);
  for (int y = 0; y < dimensions.height; ++y) {
    const uint8_t* row =
        static_cast<const uint8_t*>(pixels.get()) + static_cast<ptrdiff_t>(y) * dimensions.width * bands;
    RgbRowToYcc(row, bands, planes, y);
    if (bands < 4) continue;
    for (int x = 0; x < dimensions.width; ++x) planes.alpha->Row(y)[x] = row[bands * x + 3];
  }
  return planes;
}

}  // namespace

std::expected<DecodedImage, Failure> DecodeWithVips(const DecodeRequest& request) {
  if (!StartVips()) return VipsFailure(FailureKind::kInternal);
  const auto loader = VipsLoader::ForFile(request.path, request.tolerate_truncated);
  if (!loader) return std::unexpected(loader.error());
  auto image = loader->Open(1.0);
  if (!image) return std::unexpected(image.error());
  const ImageSize stored{(*image)->Xsize, (*image)->Ysize};
  if (request.max_pixels > 0 && stored.pixels() > request.max_pixels) {
    return Fail(FailureKind::kTooLarge, "more pixels than allowed");
  }

  DecodedImage out;
  out.pending = OrientationFromExif(vips_image_get_orientation(image->get()));
  out.full_size = OrientedSize(stored, out.pending);
  out.scaled_size = DecodeSize(out.full_size, request.shorter_edge_px, request.crop);
  const ImageSize target = OrientedSize(out.scaled_size, out.pending);
  if (target != stored) {
    const double scale =
        std::max(static_cast<double>(target.width) / stored.width, static_cast<double>(target.height) / stored.height);
    image = loader->Open(scale);
    if (!image) return std::unexpected(image.error());
    image = Resize(*image, target);
    if (!image) return std::unexpected(image.error());
  }
  auto rgb = ToRgb(std::move(*image), request.profile);
  if (!rgb) return std::unexpected(rgb.error());
  auto planes = ToPlanes(rgb->image);
  if (!planes) return std::unexpected(planes.error());
  ConvertProfile(*planes, rgb->icc, request.profile);
  out.planes = std::move(*planes);
  return out;
}

}  // namespace immich::media
