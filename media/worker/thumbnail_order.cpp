#include "media/image/image_renderer.hpp"
#include "media/metadata/metadata_reader.hpp"
#include "media/video/video_still.hpp"
#include "media/worker/output_file.hpp"
#include "media/worker/work_orders.hpp"

namespace immich::media {

namespace {

RenditionSpec SpecOf(const RenditionOrder& order) {
  return {.format = order.is_webp ? ImageFormat::kWebp : ImageFormat::kJpeg,
          .size_px = order.size_px,
          .quality = order.quality,
          .progressive = order.is_progressive && !order.is_webp};
}

RenderRequest RequestOf(const ThumbnailOrder& order) {
  RenderRequest request;
  request.path = order.source;
  request.color = {.colorspace = order.colorspace,
                   .profile_description = order.profile_description,
                   .bits_per_sample = order.bits_per_sample};
  request.preview = SpecOf(order.preview);
  request.thumbnail = SpecOf(order.thumbnail);
  if (order.fullsize) request.fullsize = SpecOf(*order.fullsize);
  request.profile = order.use_display_p3 ? ColorProfile::kDisplayP3 : ColorProfile::kSrgb;
  if (order.crop) request.edits.crop = ImageRect{order.crop->x, order.crop->y, order.crop->width, order.crop->height};
  request.edits.turn = OrientationFromExif(order.turn);
  if (order.orientation) request.orientation = OrientationFromExif(*order.orientation);
  request.extract_embedded = order.extract_embedded;
  request.process_invalid = order.process_invalid;
  if (order.keep_panorama) request.xmp = PanoramaPacket(order.source);
  return request;
}

RenditionReport Store(const Rendition& rendition, const RenditionOrder& order) {
  WriteSynced(order.path, rendition.bytes);
  return {.width = rendition.size.width,
          .height = rendition.size.height,
          .is_progressive = rendition.is_progressive,
          .is_transparent = rendition.is_transparent};
}

}  // namespace

std::expected<ThumbnailReport, Failure> CarryOut(const ThumbnailOrder& order) {
  const auto rendered =
      order.is_video
          ? RenderVideoStill(
                {.path = order.source, .preview = SpecOf(order.preview), .thumbnail = SpecOf(order.thumbnail)})
          : RenderImage(RequestOf(order));
  if (!rendered) return std::unexpected(rendered.error());
  ThumbnailReport report;
  report.preview = Store(rendered->preview, order.preview);
  report.thumbnail = Store(rendered->thumbnail, order.thumbnail);
  if (rendered->fullsize && order.fullsize) report.fullsize = Store(*rendered->fullsize, *order.fullsize);
  report.thumbhash = rendered->thumbhash;
  report.width = rendered->edited_size.width;
  report.height = rendered->edited_size.height;
  return report;
}

std::expected<FaceCropReport, Failure> CarryOut(const FaceCropOrder& order) {
  FaceCropRequest request;
  request.path = order.source;
  request.box = {order.box.x, order.box.y, order.box.width, order.box.height};
  request.box_space = {order.box_space_width, order.box_space_height};
  request.spec = SpecOf(order.target);
  request.profile = order.use_display_p3 ? ColorProfile::kDisplayP3 : ColorProfile::kSrgb;
  request.extract_embedded = order.extract_embedded;
  request.embedded_min_px = order.embedded_min_px;
  request.process_invalid = order.process_invalid;
  const auto face = RenderFaceCrop(request);
  if (!face) return std::unexpected(face.error());
  const RenditionReport stored = Store(*face, order.target);
  return FaceCropReport{.width = stored.width, .height = stored.height};
}

}  // namespace immich::media
