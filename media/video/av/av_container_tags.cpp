#include "media/video/av/av_container_tags.hpp"

extern "C" {
#include <libavutil/dict.h>
}

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "media/video/iso6709.hpp"

namespace immich::media {
namespace {

std::string Value(const AVDictionary* metadata, const char* key) {
  const AVDictionaryEntry* entry = av_dict_get(metadata, key, nullptr, 0);
  return entry == nullptr ? std::string() : entry->value;
}

/// "2019-03-21T16:04:22.000000Z" without the "Z": container clocks are UTC by rule, no zone was written.
std::string WithoutZ(std::string text) {
  if (text.ends_with('Z')) text.pop_back();
  return text;
}

void AddText(const AVDictionary* metadata, const char* key, std::string_view name, TagSet& tags) {
  std::string text = Value(metadata, key);
  if (!text.empty()) tags.AddText(name, std::move(text));
}

constexpr auto kTextTags = std::to_array<std::pair<const char*, std::string_view>>({
    {"com.apple.quicktime.creationdate", "CreationDate"},
    {"com.apple.quicktime.make", "Make"},
    {"make", "Make"},
    {"com.apple.quicktime.model", "Model"},
    {"model", "Model"},
    {"com.android.manufacturer", "AndroidMake"},
    {"com.android.model", "AndroidModel"},
    {"com.apple.quicktime.content.identifier", "ContentIdentifier"},
    {"com.apple.quicktime.description", "Description"},
    {"description", "Description"},
});

void AddPosition(const AVDictionary* metadata, TagSet& tags) {
  for (const char* key : {"com.apple.quicktime.location.ISO6709", "location"}) {
    const auto point = ParseIso6709(Value(metadata, key));
    if (!point) continue;
    tags.AddNumber("GPSLatitude", RoundCoordinate(point->latitude));
    tags.AddNumber("GPSLongitude", RoundCoordinate(point->longitude));
    return;
  }
}

}  // namespace

TagSet ContainerTags(const AvInput& input) {
  TagSet tags;
  tags.is_video = true;
  const AVDictionary* metadata = input->metadata;
  for (const auto& [key, name] : kTextTags) AddText(metadata, key, name, tags);
  std::string created = WithoutZ(Value(metadata, "creation_time"));
  if (!created.empty()) tags.AddText("CreateDate", std::move(created));
  for (const AVStream* stream : input.StreamsByPreference(AVMEDIA_TYPE_VIDEO)) {
    std::string media_created = WithoutZ(Value(stream->metadata, "creation_time"));
    if (!media_created.empty()) tags.AddText("MediaCreateDate", std::move(media_created));
  }
  AddPosition(metadata, tags);
  return tags;
}

}  // namespace immich::media
