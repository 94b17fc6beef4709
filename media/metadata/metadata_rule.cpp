#include "media/metadata/metadata_rule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "media/metadata/date_rule.hpp"
#include "media/metadata/face_region.hpp"
#include "media/metadata/motion_photo.hpp"
#include "media/metadata/zone_rule.hpp"
#include "media/mime/media_types.hpp"

namespace immich::media {
namespace {

constexpr int kLastOrientation = 8;

/// `irot` counts quarter turns against the clock.
std::optional<int> OrientationOfIrot(double quarter_turns) {
  constexpr std::array<int, 4> kOrientations = {1, 8, 3, 6};
  const auto index = static_cast<int>(quarter_turns);
  if (index < 0 || index > 3 || index != quarter_turns) return std::nullopt;
  return kOrientations[static_cast<size_t>(index)];
}

std::optional<int> OrientationOfVideo(int rotation_degrees) {
  switch (rotation_degrees) {
    case -90:
      return 6;
    case 0:
      return 1;
    case 90:
      return 8;
    case 180:
    case -180:
      return 3;
    default:
      return std::nullopt;
  }
}

/// Tags of the file with what the prober knows better; HEIF orientation and useless durations resolved.
TagSet PrepareMediaTags(const MetadataInputs& inputs) {
  TagSet tags = inputs.media;
  const MediaType* type = FindMediaTypeByExtension(inputs.extension);
  if (type != nullptr && type->is_heif_family) {
    const auto turns = tags.NumberOf("Rotation");
    tags.tags.erase("Orientation");
    if (const auto orientation = turns ? OrientationOfIrot(*turns) : std::nullopt)
      tags.AddNumber("Orientation", *orientation);
  }
  const bool possibly_animated = type != nullptr && type->is_possibly_animated;
  if (inputs.video || !possibly_animated) tags.tags.erase("Duration");
  if (!inputs.video) return tags;
  const VideoFacts& video = *inputs.video;
  if (video.duration_seconds) tags.AddNumber("Duration", *video.duration_seconds);
  if (video.rotation_degrees) {
    tags.tags.erase("Orientation");
    if (const auto orientation = OrientationOfVideo(*video.rotation_degrees))
      tags.AddNumber("Orientation", *orientation);
  }
  if (video.width > 0 && video.height > 0) {
    tags.tags.insert_or_assign("ImageWidth", TagValue::Number(video.width));
    tags.tags.insert_or_assign("ImageHeight", TagValue::Number(video.height));
  }
  return tags;
}

/// Sidecar tags replace tags of the same name; regions and offsets stay the file's unless the sidecar has some.
TagSet Merge(TagSet media, const std::optional<TagSet>& sidecar) {
  if (!sidecar) return media;
  for (const auto& [name, value] : sidecar->tags) {
    if (name != "Duration") media.tags.insert_or_assign(name, value);
  }
  if (!sidecar->regions.regions.empty()) media.regions = sidecar->regions;
  return media;
}

std::optional<int> Int32Of(std::optional<double> number) {
  if (!number || !std::isfinite(*number)) return std::nullopt;
  const double rounded = std::round(*number);
  if (rounded < std::numeric_limits<int32_t>::min() || rounded > std::numeric_limits<int32_t>::max())
    return std::nullopt;
  return static_cast<int>(rounded);
}

std::optional<double> FiniteOf(std::optional<double> number) {
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::string> NonEmpty(std::optional<std::string> text) {
  return text && !text->empty() ? text : std::nullopt;
}

std::optional<std::string> FirstText(const TagSet& tags, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (auto text = NonEmpty(tags.TextOf(name))) return text;
  }
  return std::nullopt;
}

std::string Trimmed(const std::string& text) {
  constexpr std::string_view kBlank(" \t\r\n\0", 5);
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<int> LeadingInt(const std::string& text) {
  size_t at = 0;
  int64_t value = 0;
  while (at < text.size() && at < 9 && text[at] >= '0' && text[at] <= '9') value = value * 10 + (text[at++] - '0');
  if (at == 0) return std::nullopt;
  return static_cast<int>(value);
}

std::optional<int> BitsPerSample(const TagSet& tags) {
  for (const std::string_view name :
       {"BitsPerSample", "ComponentBitDepth", "ImagePixelDepth", "BitDepth", "ColorBitDepth"}) {
    const auto text = tags.TextOf(name);
    const auto bits = text ? LeadingInt(*text) : std::nullopt;
    if (!bits) continue;
    // Some writers give the sum of three channels.
    return *bits >= 24 && *bits % 3 == 0 ? *bits / 3 : *bits;
  }
  return std::nullopt;
}

std::optional<std::string> LensModel(const TagSet& tags) {
  for (const std::string_view name : {"LensID", "LensType", "LensSpec", "LensModel"}) {
    const auto text = tags.TextOf(name);
    if (!text) continue;
    std::string lens = Trimmed(*text);
    if (lens.empty() || lens == "----" || lens.starts_with("Unknown")) return std::nullopt;
    return lens;
  }
  return std::nullopt;
}

std::optional<int> Rating(const TagSet& tags) {
  const auto rating = FiniteOf(tags.NumberOf("Rating"));
  if (!rating) return std::nullopt;
  const double rounded = std::round(*rating);
  return rounded >= 1 && rounded <= 5 ? std::optional(static_cast<int>(rounded)) : std::nullopt;
}

std::vector<std::string> TextsOf(const TagValue& value) {
  if (value.kind != TagValue::Kind::kList) return {value.text};
  std::vector<std::string> texts;
  for (const TagValue& item : value.items) texts.push_back(item.text);
  return texts;
}

/// "a|b/c" -> "a/b|c": the separator of hierarchical subjects is '|', ours is '/'.
std::string PathOfSubject(std::string subject) {
  for (char& c : subject) {
    if (c == '|') {
      c = '/';
    } else if (c == '/') {
      c = '|';
    }
  }
  return subject;
}

std::vector<std::string> TagPaths(const TagSet& tags) {
  if (const TagValue* list = tags.Find("TagsList")) return TextsOf(*list);
  if (const TagValue* subjects = tags.Find("HierarchicalSubject")) {
    std::vector<std::string> paths = TextsOf(*subjects);
    std::ranges::transform(paths, paths.begin(), PathOfSubject);
    return paths;
  }
  if (const TagValue* keywords = tags.Find("Keywords")) return TextsOf(*keywords);
  return {};
}

/// Width and height as stored: ImageSize "WxH", else the two tags.
void FillDimensions(const TagSet& tags, MediaMetadata& out) {
  if (const auto size = tags.TextOf("ImageSize")) {
    const size_t separator = size->find('x');
    if (separator != std::string::npos) {
      out.exif_image_width = LeadingInt(*size);
      out.exif_image_height = LeadingInt(size->substr(separator + 1));
    }
  }
  if (out.exif_image_width.value_or(0) <= 0 || out.exif_image_height.value_or(0) <= 0) {
    out.exif_image_width = Int32Of(tags.NumberOf("ImageWidth"));
    out.exif_image_height = Int32Of(tags.NumberOf("ImageHeight"));
  }
  out.width = out.exif_image_width;
  out.height = out.exif_image_height;
  if (out.orientation && *out.orientation >= 5) std::swap(out.width, out.height);
}

void FillCamera(const TagSet& tags, MediaMetadata& out) {
  out.make = FirstText(tags, {"Make", "DeviceManufacturerXml", "AndroidMake", "DeviceManufacturer"});
  out.model = FirstText(tags, {"Model", "DeviceModelNameXml", "AndroidModel", "DeviceModelName"});
  out.lens_model = LensModel(tags);
  out.iso = Int32Of(tags.NumberOf("ISO"));
  out.f_number = FiniteOf(tags.NumberOf("FNumber"));
  out.focal_length = FiniteOf(tags.NumberOf("FocalLength"));
  out.exposure_time = NonEmpty(tags.TextOf("ExposureTime"));
}

void FillPicture(const TagSet& tags, const std::optional<VideoFacts>& video, MediaMetadata& out) {
  const auto orientation = Int32Of(tags.NumberOf("Orientation"));
  if (orientation && *orientation >= 1 && *orientation <= kLastOrientation) out.orientation = orientation;
  FillDimensions(tags, out);
  out.bits_per_sample = BitsPerSample(tags);
  out.colorspace = NonEmpty(tags.TextOf("ColorSpace"));
  out.profile_description = NonEmpty(tags.TextOf("ProfileDescription"));
  out.projection_type = NonEmpty(tags.TextOf("ProjectionType"));
  if (out.projection_type) {
    std::ranges::transform(*out.projection_type, out.projection_type->begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  }
  out.fps = video && video->frames_per_second ? video->frames_per_second : FiniteOf(tags.NumberOf("VideoFrameRate"));
  if (const auto seconds = FiniteOf(tags.NumberOf("Duration"))) {
    out.duration_ms = static_cast<int64_t>(std::llround(*seconds * 1000));
  }
}

void FillTexts(const TagSet& tags, MediaMetadata& out) {
  out.description = Trimmed(FirstText(tags, {"ImageDescription", "Description"}).value_or(""));
  out.rating = Rating(tags);
  out.live_photo_cid = FirstText(tags, {"ContentIdentifier", "MediaGroupUUID"});
  out.auto_stack_id = FirstText(tags, {"BurstID", "BurstUUID", "CameraBurstID", "MediaUniqueID"});
  out.tags = TagPaths(tags);
}

}  // namespace

MediaMetadata DecideMetadata(const MetadataInputs& inputs) {
  const TagSet media = PrepareMediaTags(inputs);
  const TagSet tags = Merge(media, inputs.sidecar);
  MediaMetadata out;
  out.file_size_bytes = inputs.file.size_bytes;
  FillPicture(tags, inputs.video, out);
  FillCamera(tags, out);
  FillTexts(tags, out);
  if (const auto position = GpsPositionOf(tags)) {
    out.latitude = position->latitude;
    out.longitude = position->longitude;
  }
  DecideDates(media, inputs.sidecar, inputs.file, inputs.fallback_date, out);
  out.faces = FaceRegionsOf(tags.regions, out.orientation.value_or(1));
  out.motion_photo = FindMotionPhoto(tags, inputs.file.size_bytes);
  return out;
}

}  // namespace immich::media
