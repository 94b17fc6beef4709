#include "media/metadata/exiv2/sidecar_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string_view>

#include "media/metadata/exiv2/exiv2_tags.hpp"
#include "media/metadata/xmp_text.hpp"

namespace immich::media {
namespace {

void Remove(Exiv2::XmpData& xmp, const char* key) {
  const auto found = xmp.findKey(Exiv2::XmpKey(key));
  if (found != xmp.end()) xmp.erase(found);
}

void SetText(Exiv2::XmpData& xmp, const char* key, const std::string& text) {
  Remove(xmp, key);
  const Exiv2::XmpTextValue value(text);
  xmp.add(Exiv2::XmpKey(key), &value);
}

/// Replaces the default language only.
void SetDefaultLanguage(Exiv2::XmpData& xmp, const char* key, const std::string& text) {
  Exiv2::LangAltValue value;
  const auto found = xmp.findKey(Exiv2::XmpKey(key));
  if (found != xmp.end()) {
    if (const auto* old = dynamic_cast<const Exiv2::LangAltValue*>(&found->value())) value.value_ = old->value_;
    xmp.erase(found);
  }
  value.value_["x-default"] = text;
  xmp.add(Exiv2::XmpKey(key), &value);
}

void SetList(Exiv2::XmpData& xmp, const char* key, const std::vector<std::string>& texts) {
  Remove(xmp, key);
  Exiv2::XmpArrayValue value(Exiv2::xmpSeq);
  for (const std::string& text : texts) value.read(text);
  xmp.add(Exiv2::XmpKey(key), &value);
}

/// Signed degrees as XMP writes them: degrees, decimal minutes, letter: "41,13.21800000N".
std::string CoordinateText(double degrees, char positive, char negative) {
  const double absolute = std::abs(degrees);
  const double whole = std::floor(absolute);
  char text[48];
  std::snprintf(text, sizeof text, "%.0f,%.8f%c", whole, (absolute - whole) * 60, degrees < 0 ? negative : positive);
  return text;
}

void Apply(const SidecarChanges& changes, Exiv2::XmpData& xmp) {
  if (changes.description) {
    SetDefaultLanguage(xmp, "Xmp.dc.description", *changes.description);
    SetDefaultLanguage(xmp, "Xmp.tiff.ImageDescription", *changes.description);
  }
  if (changes.date_time_original) SetText(xmp, "Xmp.exif.DateTimeOriginal", *changes.date_time_original);
  if (changes.latitude) SetText(xmp, "Xmp.exif.GPSLatitude", CoordinateText(*changes.latitude, 'N', 'S'));
  if (changes.longitude) SetText(xmp, "Xmp.exif.GPSLongitude", CoordinateText(*changes.longitude, 'E', 'W'));
  if (changes.rating) SetText(xmp, "Xmp.xmp.Rating", std::to_string(*changes.rating));
  if (changes.tags) SetList(xmp, "Xmp.digiKam.TagsList", *changes.tags);
}

}  // namespace

std::expected<std::string, Failure> UpdateSidecarPacket(std::span<const uint8_t> existing,
                                                        const SidecarChanges& changes) {
  PrepareExiv2();
  try {
    Exiv2::XmpData xmp;
    const std::string old = XmpTextFromBytes(existing);
    if (old.find_first_not_of(" \t\r\n") != std::string::npos && Exiv2::XmpParser::decode(xmp, old) != 0) {
      return Fail(FailureKind::kCorrupt, "the existing sidecar is not XMP");
    }
    Apply(changes, xmp);
    std::string packet;
    if (Exiv2::XmpParser::encode(packet, xmp, Exiv2::XmpParser::omitPacketWrapper) != 0) {
      return Fail(FailureKind::kInternal, "the XMP packet could not be written");
    }
    return "<?xpacket begin='\xEF\xBB\xBF' id='W5M0MpCehiHzreSzNTczkc9d'?>\n" + packet + "\n<?xpacket end='w'?>\n";
  } catch (const std::exception& error) {
    return Fail(FailureKind::kCorrupt, error.what());
  }
}

}  // namespace immich::media
