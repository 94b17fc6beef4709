#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace immich::media {

/// The value of one tag as a reader saw it. Numbers and texts are kept apart because some columns take numbers only.
struct TagValue {
  enum class Kind { kText, kNumber, kList };
  Kind kind = Kind::kText;
  std::string text;  ///< also the text of a number, as written
  double number = 0;
  std::vector<TagValue> items;

  static TagValue Text(std::string text);
  static TagValue Number(double number);
  static TagValue List(const std::vector<std::string>& texts);
};

/// A coordinate with 15 significant digits, as ExifTool prints it: 2.3488, not 2.3487999999999998.
double RoundCoordinate(double degrees);

/// A named rectangle of MWG regions. Centre and size as fractions of the picture as stored.
struct RegionTag {
  std::string name;
  double x = 0, y = 0, w = 0, h = 0;
};

/// Regions and the picture size they were drawn on.
struct RegionTags {
  int applied_width = 0;
  int applied_height = 0;
  std::vector<RegionTag> regions;
};

/// An entry of the container directory of a motion photo (XMP GContainer).
struct ContainerItemTag {
  std::string semantic;  ///< "Primary", "MotionPhoto"
  int64_t length = 0;
  int64_t padding = 0;
};

/// Where a video inside a photo is, by byte positions in the file.
struct EmbeddedVideoTag {
  int64_t offset = 0;
  int64_t length = 0;
};

/// All that a reader found in one file, under ExifTool's tag names: "DateTimeOriginal", "GPSLatitude" (signed degrees),
/// "Orientation" (number)... Both readers fill it, one rule (metadata_rule.hpp) decides on it.
struct TagSet {
  std::map<std::string, TagValue, std::less<>> tags;
  RegionTags regions;
  std::vector<ContainerItemTag> container_items;
  std::optional<EmbeddedVideoTag> samsung_trailer_video;  ///< EmbeddedVideoFile of type MotionPhoto_Data
  std::optional<EmbeddedVideoTag> heic_motion_video;      ///< MotionPhotoVideo: the `mpvd` box
  bool is_video = false;

  const TagValue* Find(std::string_view name) const;
  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  /// Keeps the first value: readers go from the most to the least trusted source.
  void AddText(std::string_view name, std::string text);
  void AddNumber(std::string_view name, double number);
  void AddList(std::string_view name, const std::vector<std::string>& texts);

  /// The tag as text (first item of a list); nullopt when absent.
  std::optional<std::string> TextOf(std::string_view name) const;
  /// The tag as number: numbers, first item of a list; texts are nullopt.
  std::optional<double> NumberOf(std::string_view name) const;
};

}  // namespace immich::media
