#include "media/metadata/exiftool/exiftool_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <chrono>
#include <utility>
#include <vector>

#include "media/metadata/exiftool/exiftool_pool.hpp"

namespace immich::media {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kTaskLimit{120};

/// Tags wanted as numbers ("#"); all others are printed for people.
constexpr const char* kNumericTags[] = {"-GPSLatitude#", "-GPSLongitude#", "-Orientation#", "-FocalLength#",
                                        "-FileSize#",    "-Rotation#",     "-Rating#",      "-Duration#",
                                        "-MotionPhoto#", "-MicroVideo#",   "-ISO#",         "-MicroVideoOffset#"};

std::string TextOf(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  return json::serialize(value);
}

double NumberOf(const json::value* value) {
  if (value == nullptr) return 0;
  if (value->is_number()) return value->to_number<double>();
  return value->is_string() ? std::strtod(value->as_string().c_str(), nullptr) : 0;
}

const json::value* Member(const json::value* value, std::string_view name) {
  return value != nullptr && value->is_object() ? value->as_object().if_contains(name) : nullptr;
}

void AddRegions(const json::value& info, TagSet& tags) {
  const json::value* dimensions = Member(&info, "AppliedToDimensions");
  tags.regions.applied_width = static_cast<int>(NumberOf(Member(dimensions, "W")));
  tags.regions.applied_height = static_cast<int>(NumberOf(Member(dimensions, "H")));
  const json::value* list = Member(&info, "RegionList");
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& region : list->as_array()) {
    const json::value* area = Member(&region, "Area");
    const json::value* name = Member(&region, "Name");
    tags.regions.regions.push_back({.name = name == nullptr ? std::string() : TextOf(*name),
                                    .x = NumberOf(Member(area, "X")),
                                    .y = NumberOf(Member(area, "Y")),
                                    .w = NumberOf(Member(area, "W")),
                                    .h = NumberOf(Member(area, "H"))});
  }
}

void AddContainer(const json::value& directory, TagSet& tags) {
  if (!directory.is_array()) return;
  for (const json::value& entry : directory.as_array()) {
    const json::value* item = Member(&entry, "Item");
    const json::value* semantic = Member(item, "Semantic");
    tags.container_items.push_back({.semantic = semantic == nullptr ? std::string() : TextOf(*semantic),
                                    .length = static_cast<int64_t>(NumberOf(Member(item, "Length"))),
                                    .padding = static_cast<int64_t>(NumberOf(Member(item, "Padding")))});
  }
}

void AddTag(std::string_view name, const json::value& value, TagSet& tags) {
  if (name == "RegionInfo") return AddRegions(value, tags);
  if (name == "ContainerDirectory") return AddContainer(value, tags);
  if (name == "Device" && value.is_object()) {
    if (const auto* make = Member(&value, "Manufacturer")) tags.AddText("DeviceManufacturerXml", TextOf(*make));
    if (const auto* model = Member(&value, "ModelName")) tags.AddText("DeviceModelNameXml", TextOf(*model));
  } else if (value.is_number()) {
    tags.AddNumber(name, value.to_number<double>());
  } else if (value.is_array()) {
    std::vector<std::string> texts;
    for (const json::value& item : value.as_array()) texts.push_back(TextOf(item));
    tags.AddList(name, texts);
  } else if (value.is_string() || value.is_bool()) {
    tags.AddText(name, TextOf(value));
  }
}

/// A name for the argument file, which is read line by line: files with line breaks in their names are opened here and
/// named through /proc.
class ExifToolName {
 public:
  explicit ExifToolName(const std::string& path) : text_(path) {
    if (path.find_first_of("\r\n") == std::string::npos) return;
    fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    text_ = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_);
  }
  ~ExifToolName() {
    if (fd_ >= 0) close(fd_);
  }
  ExifToolName(const ExifToolName&) = delete;
  ExifToolName& operator=(const ExifToolName&) = delete;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  int fd_ = -1;
};

std::vector<std::string> Arguments(const std::string& path, bool is_video) {
  std::vector<std::string> arguments = {"-json", "-struct", "-charset", "filename=utf8",
                                        "-use",  "MWG",     "-api",     "largefilesupport=1"};
  if (is_video) arguments.emplace_back("-ee");
  arguments.insert(arguments.end(), std::begin(kNumericTags), std::end(kNumericTags));
  arguments.emplace_back("-all");
  // A leading slash keeps names that start with a dash from being read as options.
  arguments.push_back(path.starts_with('/') ? path : "./" + path);
  return arguments;
}

}  // namespace

std::expected<TagSet, Failure> TagsFromExifToolJson(std::string_view text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !parsed.is_array() || parsed.as_array().empty() || !parsed.as_array().front().is_object()) {
    return Fail(FailureKind::kCorrupt, "ExifTool printed no JSON");
  }
  TagSet tags;
  for (const auto& member : parsed.as_array().front().as_object()) {
    AddTag({member.key().data(), member.key().size()}, member.value(), tags);
  }
  if (tags.Has("Error")) return Fail(FailureKind::kUnsupported, *tags.TextOf("Error"));
  tags.is_video = tags.TextOf("MIMEType").value_or("").starts_with("video/");
  return tags;
}

std::expected<TagSet, Failure> ReadTagsWithExifTool(const std::string& path, bool is_video) {
  const ExifToolName name(path);
  const auto output = ExifToolPool::Shared().Run(Arguments(name.text(), is_video), kTaskLimit);
  if (!output) return std::unexpected(output.error());
  return TagsFromExifToolJson(*output);
}

}  // namespace immich::media
