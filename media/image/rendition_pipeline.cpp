#include "media/image/rendition_pipeline.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "media/image/color/icc_profile.hpp"
#include "media/image/color/ycc_convert.hpp"
#include "media/image/jpeg/jpeg_encoder.hpp"
#include "media/image/plane_ops.hpp"
#include "media/image/plane_scaler.hpp"
#include "media/image/still_decoder.hpp"
#include "media/image/webp/webp_encoder.hpp"
#include "media/thumbhash/thumbhash.hpp"

namespace immich::media {
namespace {

/// Encodes `picture`, which already has its final size.
std::expected<Rendition, Failure> Encode(PlanarImage& picture, const RenditionSpec& spec, ColorProfile profile,
                                         std::string_view xmp) {
  const bool transparent = picture.alpha && HasTransparency(*picture.alpha);
  Rendition out{.bytes = {}, .format = spec.format, .size = picture.size()};
  std::expected<std::vector<uint8_t>, Failure> bytes;
  if (spec.format == ImageFormat::kWebp) {
    if (!transparent) picture.alpha.reset();
    out.is_transparent = transparent;
    bytes = EncodeWebp(picture, {.quality = spec.quality, .icc = IccProfileBytes(profile), .xmp = xmp});
  } else {
    FlattenOnBlack(picture);
    out.is_progressive = spec.progressive;
    bytes = EncodeJpeg(
        picture,
        {.quality = spec.quality, .progressive = spec.progressive, .icc = IccProfileBytes(profile), .xmp = xmp});
  }
  if (!bytes) return std::unexpected(bytes.error());
  out.bytes = std::move(*bytes);
  return out;
}

ImageSize RenditionSize(ImageSize source, const RenditionSpec& spec, const RenderRequest& request) {
  return request.even_sizes ? FitShorterEdgeEven(source, spec.size_px) : FitShorterEdge(source, spec.size_px);
}

/// Scales `base` when the rendition is smaller, then encodes.
std::expected<Rendition, Failure> ScaleAndEncode(const PlanarImage& base, const RenditionSpec& spec,
                                                 ColorProfile profile, std::string_view xmp) {
  PlanarImage scaled = ScaleImage(base, FitShorterEdge(base.size(), spec.size_px));
  return Encode(scaled, spec, profile, xmp);
}

std::vector<uint8_t> ThumbHashOf(const PlanarImage& picture) {
  const PlanarImage small = ScaleImage(picture, FitInside(picture.size(), kThumbHashMaxEdgePx));
  const auto [width, height] = small.size();
  std::vector<uint8_t> rgb(static_cast<size_t>(width) * 3);
  std::vector<uint8_t> rgba;
  rgba.reserve(static_cast<size_t>(width) * static_cast<size_t>(height) * 4);
  for (int y = 0; y < height; ++y) {
    YccRowToRgb(small, y, rgb.data());
    for (int x = 0; x < width; ++x) {
      rgba.insert(rgba.end(), &rgb[static_cast<size_t>(x) * 3], &rgb[static_cast<size_t>(x) * 3] + 3);
      rgba.push_back(small.alpha ? small.alpha->Row(y)[x] : 255);
    }
  }
  return ThumbHashFromRgba(width, height, rgba);
}

/// The longest of the wanted shorter edges; 0 (native) when any rendition is native.
int LargestEdge(const RenderRequest& request) {
  const int preview = request.preview.size_px;
  const int thumbnail = request.thumbnail.size_px;
  if (preview <= 0 || thumbnail <= 0) return 0;
  if (!request.fullsize) return std::max(preview, thumbnail);
  return request.fullsize->size_px <= 0 ? 0 : std::max({preview, thumbnail, request.fullsize->size_px});
}

/// Makes the renditions from the largest to the smallest, each from the one before where that is sharp enough.
std::expected<RenderResult, Failure> MakeRenditions(PlanarImage base, const RenderRequest& request,
                                                    ColorProfile profile) {
  RenderResult out;
  out.profile = profile;
  const ImageSize preview_size = RenditionSize(base.size(), request.preview, request);
  if (request.fullsize) {
    auto fullsize = ScaleAndEncode(base, *request.fullsize, profile, request.xmp);
    if (!fullsize) return std::unexpected(fullsize.error());
    out.fullsize = std::move(*fullsize);
  }
  const bool thumbnail_is_smaller =
      request.thumbnail.size_px > 0 && request.thumbnail.size_px <= request.preview.size_px;
  if (thumbnail_is_smaller && base.size() != preview_size) base = ScaleImage(base, preview_size);

  PlanarImage small = ScaleImage(base, RenditionSize(base.size(), request.thumbnail, request));
  out.thumbhash = ThumbHashOf(small);
  auto thumbnail = Encode(small, request.thumbnail, profile, {});
  if (!thumbnail) return std::unexpected(thumbnail.error());
  out.thumbnail = std::move(*thumbnail);

  if (base.size() != preview_size) base = ScaleImage(base, preview_size);
  auto preview = Encode(base, request.preview, profile, request.xmp);
  if (!preview) return std::unexpected(preview.error());
  out.preview = std::move(*preview);
  return out;
}

/// Cuts and turns the decoded picture as the file and the edits ask, and brings it to the largest wanted size.
PlanarImage ApplyGeometry(DecodedImage decoded, const ImageEdits& edits, int largest_edge) {
  const ImageSize stored = decoded.planes.size();
  ImageRect rect{0, 0, decoded.scaled_size.width, decoded.scaled_size.height};
  if (edits.crop) rect = ScaleRect(*edits.crop, decoded.full_size, decoded.scaled_size);
  PlanarImage base = CropAndOrient(std::move(decoded.planes), StoredRect(rect, stored, decoded.pending),
                                   Compose(decoded.pending, edits.turn));
  const ImageSize wanted = FitShorterEdge(base.size(), largest_edge);
  return base.size() == wanted ? std::move(base) : ScaleImage(base, wanted);
}

std::expected<RenderResult, Failure> RenderDecoded(DecodedImage decoded, const RenderRequest& request,
                                                   ColorProfile profile) {
  const ImageSize source_size = decoded.full_size;
  const bool used_embedded = decoded.used_embedded;
  if (request.edits.crop && ClampRect(*request.edits.crop, source_size) != *request.edits.crop) {
    return Fail(FailureKind::kUnsupported, "the crop is outside the picture");
  }
  PlanarImage base = ApplyGeometry(std::move(decoded), request.edits, LargestEdge(request));
  auto out = MakeRenditions(std::move(base), request, profile);
  if (!out) return out;
  out->source_size = source_size;
  const ImageSize cropped =
      request.edits.crop ? ImageSize{request.edits.crop->width, request.edits.crop->height} : source_size;
  out->edited_size = OrientedSize(cropped, request.edits.turn);
  out->used_embedded = used_embedded;
  return out;
}

/// Turns what the standard library throws (memory) into a failure: nothing may leave the module as an exception.
template <typename Work>
auto Contained(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& error) {
    return Fail(FailureKind::kTooLarge, error.what());
  }
}

}  // namespace

std::expected<RenderResult, Failure> RenderFile(const RenderRequest& request) {
  return Contained([&]() -> std::expected<RenderResult, Failure> {
    const ColorProfile profile = RenditionProfile(request.color, request.profile);
    auto decoded = DecodeStill({.path = request.path,
                                .shorter_edge_px = LargestEdge(request),
                                .crop = request.edits.crop,
                                .fallback_orientation = request.orientation,
                                .profile = profile,
                                .extract_embedded = request.extract_embedded,
                                .embedded_min_px = request.preview.size_px,
                                .tolerate_truncated = request.process_invalid,
                                .max_pixels = request.max_pixels});
    if (!decoded) return std::unexpected(decoded.error());
    return RenderDecoded(std::move(*decoded), request, profile);
  });
}

std::expected<RenderResult, Failure> RenderPicture(PlanarImage picture, const RenderRequest& request) {
  return Contained([&]() -> std::expected<RenderResult, Failure> {
    DecodedImage decoded;
    decoded.planes = std::move(picture);
    decoded.full_size = decoded.planes.size();
    decoded.scaled_size = decoded.full_size;
    return RenderDecoded(std::move(decoded), request, request.profile);
  });
}

std::expected<Rendition, Failure> CropFace(const FaceCropRequest& request) {
  return Contained([&]() -> std::expected<Rendition, Failure> {
    // The box is in another picture's pixels; its share of the shorter edge tells how large to decode.
    auto decoded = DecodeStill({.path = request.path,
                                .shorter_edge_px = 0,
                                .crop = {},
                                .fallback_orientation = {},
                                .profile = request.profile,
                                .extract_embedded = request.extract_embedded,
                                .embedded_min_px = request.embedded_min_px,
                                .tolerate_truncated = request.process_invalid,
                                .max_pixels = request.max_pixels});
    if (!decoded) return std::unexpected(decoded.error());
    const ImageRect square = FaceSquare(request.box, request.box_space, decoded->full_size);
    PlanarImage face = ApplyGeometry(std::move(*decoded), {.crop = square}, request.spec.size_px);
    return Encode(face, request.spec, request.profile, {});
  });
}

}  // namespace immich::media
