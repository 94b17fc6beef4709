#include "server/thumbnails/rendition_plan.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "media/image/image_geometry.hpp"
#include "media/mime/media_types.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::thumbnails {

namespace {

int IntegerOf(const boost::json::object& object, const char* name) {
  const boost::json::value* value = object.if_contains(name);
  boost::json::error_code error;
  const auto number = value != nullptr ? value->to_number<double>(error) : 0.0;
  if (value == nullptr || error) throw BadRequest(std::string("edit without ") + name);
  return static_cast<int>(number);
}

media::Orientation MirrorOf(const boost::json::object& parameters) {
  const boost::json::value* axis = parameters.if_contains("axis");
  const bool is_vertical = axis != nullptr && axis->is_string() && axis->get_string() == "vertical";
  return is_vertical ? media::Orientation::kFlipped : media::Orientation::kMirrored;
}

bool IsPanorama(const ThumbnailSource& source) {
  return source.projection_type == "EQUIRECTANGULAR";
}

std::string_view ExtensionOf(api::ImageFormat format) {
  return format == api::ImageFormat::kWebp ? "webp" : "jpeg";
}

media::RenditionOrder OrderOf(const auto& config, std::int64_t size_px) {
  media::RenditionOrder order;
  order.is_webp = config.format == api::ImageFormat::kWebp;
  order.size_px = static_cast<int>(size_px);
  order.quality = static_cast<int>(config.quality);
  order.is_progressive = config.progressive.value_or(false);
  return order;
}

}  // namespace

CombinedEdits CombineEdits(const std::vector<std::pair<std::string, std::string>>& edits) {
  CombinedEdits combined;
  media::Orientation turn = media::Orientation::kUpright;
  for (const auto& [action, text] : edits) {
    const json::Document document = json::Document::Parse(text);
    if (!document.root().is_object()) throw BadRequest("edit without parameters");
    const boost::json::object& parameters = document.root().get_object();
    if (action == "crop") {
      combined.crop = media::CropOrder{.x = IntegerOf(parameters, "x"),
                                       .y = IntegerOf(parameters, "y"),
                                       .width = IntegerOf(parameters, "width"),
                                       .height = IntegerOf(parameters, "height")};
    } else if (action == "rotate") {
      const int degrees = (IntegerOf(parameters, "angle") % 360 + 360) % 360;
      turn = media::Compose(turn, media::OrientationFromRotation(degrees));
    } else if (action == "mirror") {
      turn = media::Compose(turn, MirrorOf(parameters));
    } else {
      throw BadRequest("unknown edit `" + action + "`");
    }
  }
  combined.turn = static_cast<int>(turn);
  return combined;
}

bool NeedsFullsize(const ThumbnailSource& source, const api::AdminConfigImageDto& config, bool is_edited) {
  if (is_edited) return true;
  if (source.is_video_asset || media::UsesVideoStills(source.original_path)) return false;
  const media::MediaType* type = media::FindMediaTypeByPath(source.original_path);
  const bool is_viewable = type != nullptr && type->is_web_viewable;
  return !is_viewable && (config.fullsize.enabled || IsPanorama(source));
}

RenditionTargets PlanTargets(const ThumbnailSource& source, AssetId asset, const api::AdminConfigImageDto& config,
                             const StoragePaths& paths, bool is_edited) {
  const auto path = [&](AssetFileKind kind, api::ImageFormat format) {
    return paths.Image(source.owner, asset, kind, is_edited, ExtensionOf(format));
  };
  RenditionTargets targets;
  targets.preview = path(AssetFileKind::kPreview, config.preview.format);
  targets.thumbnail = path(AssetFileKind::kThumbnail, config.thumbnail.format);
  if (NeedsFullsize(source, config, is_edited)) {
    targets.fullsize = path(AssetFileKind::kFullsize, config.fullsize.format);
  }
  return targets;
}

media::ThumbnailOrder PlanOrder(const ThumbnailSource& source, const api::AdminConfigImageDto& config, bool is_edited,
                                bool process_invalid) {
  media::ThumbnailOrder order;
  order.source = source.original_path;
  order.is_video = source.is_video_asset || media::UsesVideoStills(source.original_path);
  order.colorspace = source.colorspace;
  order.profile_description = source.profile_description;
  order.bits_per_sample = source.bits_per_sample;
  order.use_display_p3 = config.colorspace == api::Colorspace::kP3;
  order.extract_embedded = config.extract_embedded;
  order.process_invalid = process_invalid;
  order.preview = OrderOf(config.preview, config.preview.size);
  order.thumbnail = OrderOf(config.thumbnail, config.thumbnail.size);
  if (NeedsFullsize(source, config, is_edited)) order.fullsize = OrderOf(config.fullsize, 0);
  order.keep_panorama = IsPanorama(source);
  if (is_edited) {
    CombinedEdits edits = CombineEdits(source.edits);
    order.crop = edits.crop;
    order.turn = edits.turn;
  }
  return order;
}

}  // namespace immich::thumbnails
