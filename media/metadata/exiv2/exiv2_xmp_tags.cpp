#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/metadata/exif_date.hpp"
#include "media/metadata/exiv2/exiv2_tags.hpp"

namespace immich::media {
namespace {

struct TextRow {
  const char* key;
  const char* name;
};

/// Keys in order of trust: the first of several keys with the same name wins.
constexpr TextRow kTextRows[] = {
    {"Xmp.exif.DateTimeOriginal", "DateTimeOriginal"},
    {"Xmp.photoshop.DateCreated", "DateTimeOriginal"},
    {"Xmp.xmp.CreateDate", "CreateDate"},
    {"Xmp.exif.DateTimeDigitized", "CreateDate"},
    {"Xmp.exif.OffsetTimeOriginal", "OffsetTimeOriginal"},
    {"Xmp.exif.GPSTimeStamp", "GPSDateTime"},
    {"Xmp.GPano.SourceImageCreateTime", "SourceImageCreateTime"},
    {"Xmp.tiff.Make", "Make"},
    {"Xmp.tiff.Model", "Model"},
    {"Xmp.aux.Lens", "LensID"},
    {"Xmp.exifEX.LensModel", "LensModel"},
    {"Xmp.GPano.ProjectionType", "ProjectionType"},
    {"Xmp.GCamera.BurstID", "BurstID"},
};

constexpr TextRow kNumberRows[] = {
    {"Xmp.tiff.Orientation", "Orientation"},
    {"Xmp.tiff.ImageWidth", "ImageWidth"},
    {"Xmp.tiff.ImageLength", "ImageHeight"},
    {"Xmp.exif.FNumber", "FNumber"},
    {"Xmp.exif.FocalLength", "FocalLength"},
    {"Xmp.exif.ISOSpeedRatings", "ISO"},
    {"Xmp.exifEX.PhotographicSensitivity", "ISO"},
    {"Xmp.xmp.Rating", "Rating"},
    {"Xmp.GCamera.MotionPhoto", "MotionPhoto"},
    {"Xmp.GCamera.MicroVideo", "MicroVideo"},
    {"Xmp.GCamera.MicroVideoOffset", "MicroVideoOffset"},
};

const Exiv2::Xmpdatum* Find(const Exiv2::XmpData& xmp, const std::string& key) {
  // Keys in namespaces nobody registered throw when built.
  try {
    const auto found = xmp.findKey(Exiv2::XmpKey(key));
    return found == xmp.end() || found->count() == 0 ? nullptr : &*found;
  } catch (const Exiv2::AnyError&) {
    return nullptr;
  }
}

/// First item of an array, the default language of a text with languages, or the value.
std::string TextOf(const Exiv2::Xmpdatum& datum) {
  if (datum.typeId() == Exiv2::langAlt) {
    const auto& value = dynamic_cast<const Exiv2::LangAltValue&>(datum.value());
    const auto found = value.value_.find("x-default");
    if (found != value.value_.end()) return found->second;
    return value.value_.empty() ? std::string() : value.value_.begin()->second;
  }
  return datum.toString(0);
}

std::vector<std::string> TextsOf(const Exiv2::Xmpdatum& datum) {
  std::vector<std::string> texts;
  for (long i = 0; i < datum.count(); ++i) texts.push_back(datum.toString(i));
  return texts;
}

/// "18/10" or "1.8"; NaN for anything else.
double NumberOf(const std::string& text) {
  char* end = nullptr;
  const double numerator = std::strtod(text.c_str(), &end);
  if (end == text.c_str()) return std::nan("");
  if (*end != '/') return *end == '\0' ? numerator : std::nan("");
  const double denominator = std::strtod(end + 1, nullptr);
  return denominator == 0 ? std::nan("") : numerator / denominator;
}

/// "41,13.218N" or "41,13,13.08N" as signed degrees; NaN for anything else.
double CoordinateOf(const std::string& text) {
  if (text.size() < 2) return std::nan("");
  const char reference = text.back();
  double degrees = 0;
  double unit = 1;
  const char* at = text.c_str();
  for (int part = 0; part < 3; ++part) {
    char* end = nullptr;
    const double value = std::strtod(at, &end);
    if (end == at) return std::nan("");
    degrees += value * unit;
    unit /= 60;
    if (*end != ',') {
      at = end;
      break;
    }
    at = end + 1;
  }
  if (*at != reference || std::string_view("NSEW").find(reference) == std::string_view::npos) return std::nan("");
  return reference == 'S' || reference == 'W' ? -degrees : degrees;
}

void AddCoordinate(const Exiv2::XmpData& xmp, const char* key, std::string_view name, TagSet& tags) {
  const auto* datum = Find(xmp, key);
  if (datum == nullptr) return;
  const double degrees = CoordinateOf(TextOf(*datum));
  if (std::isfinite(degrees)) tags.AddNumber(name, RoundCoordinate(degrees));
}

void AddList(const Exiv2::XmpData& xmp, const char* key, std::string_view name, TagSet& tags) {
  const auto* datum = Find(xmp, key);
  if (datum != nullptr) tags.AddList(name, TextsOf(*datum));
}

void AddTexts(const Exiv2::XmpData& xmp, TagSet& tags) {
  for (const TextRow& row : kTextRows) {
    const auto* datum = Find(xmp, row.key);
    std::string text = datum == nullptr ? std::string() : TextOf(*datum);
    if (!text.empty()) tags.AddText(row.name, std::move(text));
  }
  for (const TextRow& row : kNumberRows) {
    const auto* datum = Find(xmp, row.key);
    const double number = datum == nullptr ? std::nan("") : NumberOf(TextOf(*datum));
    if (std::isfinite(number)) tags.AddNumber(row.name, number);
  }
  for (const TextRow& row :
       {TextRow{"Xmp.tiff.ImageDescription", "ImageDescription"}, TextRow{"Xmp.dc.description", "Description"}}) {
    const auto* datum = Find(xmp, row.key);
    if (datum != nullptr) tags.AddText(row.name, TextOf(*datum));
  }
  if (const auto* space = Find(xmp, "Xmp.exif.ColorSpace")) {
    const double number = NumberOf(TextOf(*space));
    if (std::isfinite(number)) tags.AddText("ColorSpace", ColorSpaceName(static_cast<long>(number)));
  }
  if (const auto* exposure = Find(xmp, "Xmp.exif.ExposureTime")) tags.AddText("ExposureTime", TextOf(*exposure));
}

constexpr int kMaxListItems = 1000;

/// "Directory[2]/Container:Item/Item:Length" without the prefixes, which differ from writer to writer.
std::string WithoutPrefixes(const std::string& path) {
  std::string out;
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    const size_t colon = path.find(':', at);
    const size_t start = colon < end ? colon + 1 : at;
    out += path.substr(start, end - start);
    if (end < path.size()) out += '/';
    at = end + 1;
  }
  return out;
}

/// The flattened properties of one structure: path without prefixes -> text.
class Structure {
 public:
  Structure(const Exiv2::XmpData& xmp, std::string_view group) {
    for (const auto& datum : xmp) {
      if (datum.groupName() == group) values_[WithoutPrefixes(datum.tagName())] = datum.toString();
    }
  }

  bool HasBelow(const std::string& path) const {
    const auto found = values_.lower_bound(path);
    return found != values_.end() && found->first.starts_with(path);
  }
  std::string Text(const std::string& path) const {
    const auto found = values_.find(path);
    return found == values_.end() ? std::string() : found->second;
  }
  double Number(const std::string& path) const {
    const double number = NumberOf(Text(path));
    return std::isfinite(number) ? number : 0;
  }
  int64_t Integer(const std::string& path) const { return std::strtoll(Text(path).c_str(), nullptr, 10); }

 private:
  std::map<std::string, std::string> values_;
};

void AddRegions(const Exiv2::XmpData& xmp, TagSet& tags) {
  if (!tags.regions.regions.empty()) return;
  const Structure regions(xmp, "mwg-rs");
  tags.regions.applied_width = static_cast<int>(regions.Integer("Regions/AppliedToDimensions/w"));
  tags.regions.applied_height = static_cast<int>(regions.Integer("Regions/AppliedToDimensions/h"));
  for (int i = 1; i <= kMaxListItems; ++i) {
    const std::string item = "Regions/RegionList[" + std::to_string(i) + "]/";
    if (!regions.HasBelow(item)) break;
    tags.regions.regions.push_back({.name = regions.Text(item + "Name"),
                                    .x = regions.Number(item + "Area/x"),
                                    .y = regions.Number(item + "Area/y"),
                                    .w = regions.Number(item + "Area/w"),
                                    .h = regions.Number(item + "Area/h")});
  }
}

void AddContainer(const Exiv2::XmpData& xmp, TagSet& tags) {
  if (!tags.container_items.empty()) return;
  const Structure container(xmp, "GContainer");
  for (int i = 1; i <= kMaxListItems; ++i) {
    const std::string item = "Directory[" + std::to_string(i) + "]/";
    if (!container.HasBelow(item)) break;
    tags.container_items.push_back({.semantic = container.Text(item + "Item/Semantic"),
                                    .length = container.Integer(item + "Item/Length"),
                                    .padding = container.Integer(item + "Item/Padding")});
  }
}

std::string IptcText(const Exiv2::IptcData& iptc, const char* key) {
  const auto found = iptc.findKey(Exiv2::IptcKey(key));
  return found == iptc.end() ? std::string() : found->toString();
}

std::mutex& XmpToolkitMutex() {
  static std::mutex mutex;
  return mutex;
}

void LockXmpToolkit(void* /*data*/, bool lock) {
  if (lock) {
    XmpToolkitMutex().lock();
  } else {
    XmpToolkitMutex().unlock();
  }
}

struct Exiv2Setup {
  Exiv2Setup() {
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    Exiv2::enableBMFF(true);  // Canon CR3
    Exiv2::XmpParser::initialize(LockXmpToolkit, nullptr);
    Exiv2::XmpProperties::registerNs("http://ns.google.com/photos/1.0/camera/", "GCamera");
    Exiv2::XmpProperties::registerNs("http://ns.google.com/photos/1.0/container/", "GContainer");
    Exiv2::XmpProperties::registerNs("http://ns.google.com/photos/1.0/panorama/", "GPano");
    Exiv2::XmpProperties::registerNs("http://cipa.jp/exif/1.0/", "exifEX");
  }
  ~Exiv2Setup() { Exiv2::XmpProperties::unregisterNs(); }
  Exiv2Setup(const Exiv2Setup&) = delete;
  Exiv2Setup& operator=(const Exiv2Setup&) = delete;
};

}  // namespace

void PrepareExiv2() {
  static const Exiv2Setup kSetup;
}

void AddXmpTags(const Exiv2::XmpData& xmp, TagSet& tags) {
  if (xmp.empty()) return;
  AddTexts(xmp, tags);
  AddCoordinate(xmp, "Xmp.exif.GPSLatitude", "GPSLatitude", tags);
  AddCoordinate(xmp, "Xmp.exif.GPSLongitude", "GPSLongitude", tags);
  AddList(xmp, "Xmp.digiKam.TagsList", "TagsList", tags);
  AddList(xmp, "Xmp.lr.hierarchicalSubject", "HierarchicalSubject", tags);
  AddList(xmp, "Xmp.dc.subject", "Keywords", tags);
  AddRegions(xmp, tags);
  AddContainer(xmp, tags);
}

void AddIptcTags(const Exiv2::IptcData& iptc, TagSet& tags) {
  if (iptc.empty()) return;
  const std::string date = IptcText(iptc, "Iptc.Application2.DateCreated");
  const std::string time = IptcText(iptc, "Iptc.Application2.TimeCreated");
  if (!date.empty() && !time.empty()) {
    const std::string joined = JoinDateAndTime(date, time);
    tags.AddText("DateTimeCreated", joined);
    tags.AddText("DateTimeOriginal", joined);
  }
  std::string caption = IptcText(iptc, "Iptc.Application2.Caption");
  if (!caption.empty()) tags.AddText("Description", std::move(caption));
  std::vector<std::string> keywords;
  for (const auto& datum : iptc) {
    if (datum.key() == "Iptc.Application2.Keywords") keywords.push_back(datum.toString());
  }
  if (!keywords.empty()) tags.AddList("Keywords", keywords);
}

}  // namespace immich::media
