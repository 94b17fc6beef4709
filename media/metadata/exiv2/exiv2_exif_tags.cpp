#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "media/metadata/exiv2/exiv2_tags.hpp"
#include "media/metadata/maker_note.hpp"

namespace immich::media {
namespace {

const Exiv2::Exifdatum* Find(const Exiv2::ExifData& exif, const char* key) {
  const auto found = exif.findKey(Exiv2::ExifKey(key));
  return found == exif.end() || found->count() == 0 ? nullptr : &*found;
}

std::string Trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0' || text.back() == '\n')) text.pop_back();
  return text;
}

std::string TextOf(const Exiv2::Exifdatum* datum) {
  return datum == nullptr ? std::string() : Trimmed(datum->toString());
}

/// A rational or integer as double; NaN for a zero denominator.
double RealOf(const Exiv2::Exifdatum& datum, long index = 0) {
  const Exiv2::Rational rational = datum.toRational(index);
  return rational.second == 0 ? std::nan("") : static_cast<double>(rational.first) / rational.second;
}

void AddTextTag(const Exiv2::ExifData& exif, const char* key, std::string_view name, TagSet& tags) {
  std::string text = TextOf(Find(exif, key));
  if (!text.empty()) tags.AddText(name, std::move(text));
}

void AddRealTag(const Exiv2::ExifData& exif, const char* key, std::string_view name, TagSet& tags) {
  const Exiv2::Exifdatum* datum = Find(exif, key);
  if (datum == nullptr) return;
  const double value = RealOf(*datum);
  if (std::isfinite(value)) tags.AddNumber(name, value);
}

/// A date tag, and the composite with sub-seconds and offset when either is there.
void AddDate(const Exiv2::ExifData& exif, const char* date_key, const char* fraction_key, const char* offset_key,
             std::string_view name, TagSet& tags) {
  const std::string date = TextOf(Find(exif, date_key));
  if (date.empty()) return;
  tags.AddText(name, date);
  const std::string fraction = TextOf(Find(exif, fraction_key));
  const std::string offset = TextOf(Find(exif, offset_key));
  const bool has_fraction = !fraction.empty() && fraction.find_first_not_of("0123456789") == std::string::npos;
  if (!has_fraction && offset.empty()) return;
  tags.AddText("SubSec" + std::string(name), date + (has_fraction ? "." + fraction : "") + offset);
}

/// Degrees from three rationals; NaN when there are fewer or the reference letter is missing.
double Coordinate(const Exiv2::ExifData& exif, const char* key, const char* reference_key, char negative) {
  const Exiv2::Exifdatum* datum = Find(exif, key);
  const std::string reference = TextOf(Find(exif, reference_key));
  if (datum == nullptr || datum->count() < 3 || reference.empty()) return std::nan("");
  double degrees = 0;
  for (long i = 2; i >= 0; --i) {
    const double part = RealOf(*datum, i);
    degrees = degrees / 60 + (std::isfinite(part) ? part : 0);
  }
  return reference.front() == negative ? -degrees : degrees;
}

void AddGps(const Exiv2::ExifData& exif, TagSet& tags) {
  const double latitude = Coordinate(exif, "Exif.GPSInfo.GPSLatitude", "Exif.GPSInfo.GPSLatitudeRef", 'S');
  const double longitude = Coordinate(exif, "Exif.GPSInfo.GPSLongitude", "Exif.GPSInfo.GPSLongitudeRef", 'W');
  if (std::isfinite(latitude)) tags.AddNumber("GPSLatitude", RoundCoordinate(latitude));
  if (std::isfinite(longitude)) tags.AddNumber("GPSLongitude", RoundCoordinate(longitude));

  const std::string date = TextOf(Find(exif, "Exif.GPSInfo.GPSDateStamp"));
  const Exiv2::Exifdatum* time = Find(exif, "Exif.GPSInfo.GPSTimeStamp");
  if (date.empty() || time == nullptr || time->count() < 3) return;
  const double hour = RealOf(*time, 0);
  const double minute = RealOf(*time, 1);
  const double second = RealOf(*time, 2);
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61)) return;
  char text[32];
  std::snprintf(text, sizeof text, " %02d:%02d:%06.3fZ", static_cast<int>(hour), static_cast<int>(minute), second);
  tags.AddText("GPSDateTime", date + text);
}

/// "1/887" below a quarter second, else seconds with at most one decimal.
std::string ExposureText(double seconds) {
  char text[32];
  if (seconds > 0 && seconds < 0.25001) {
    std::snprintf(text, sizeof text, "1/%.0f", std::floor(0.5 + 1 / seconds));
    return text;
  }
  std::snprintf(text, sizeof text, "%.1f", seconds);
  std::string out = text;
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out;
}

void AddExposure(const Exiv2::ExifData& exif, TagSet& tags) {
  if (const auto* datum = Find(exif, "Exif.Photo.ExposureTime")) {
    const double seconds = RealOf(*datum);
    if (std::isfinite(seconds)) tags.AddText("ExposureTime", ExposureText(seconds));
  }
  if (const auto* datum = Find(exif, "Exif.Photo.FNumber")) {
    const double value = RealOf(*datum);
    const double decimals = value < 1 ? 100 : 10;
    if (std::isfinite(value) && value > 0) tags.AddNumber("FNumber", std::round(value * decimals) / decimals);
  }
  AddRealTag(exif, "Exif.Photo.FocalLength", "FocalLength", tags);
  constexpr long kIsoOverflow = 65535;  // the real value is in another tag
  if (const auto* datum = Find(exif, "Exif.Photo.ISOSpeedRatings");
      datum != nullptr && datum->toLong() != kIsoOverflow) {
    tags.AddNumber("ISO", static_cast<double>(datum->toLong()));
  }
  AddRealTag(exif, "Exif.Photo.RecommendedExposureIndex", "ISO", tags);
  AddRealTag(exif, "Exif.Photo.ISOSpeed", "ISO", tags);
  if (!tags.Has("ISO")) {
    const auto found = Exiv2::isoSpeed(exif);
    if (found != exif.end() && found->count() > 0) {
      const double value = std::strtod(found->print(&exif).c_str(), nullptr);
      if (value > 0) tags.AddNumber("ISO", value);
    }
  }
}

void AddColorSpace(const Exiv2::ExifData& exif, TagSet& tags) {
  if (const auto* datum = Find(exif, "Exif.Photo.ColorSpace"))
    tags.AddText("ColorSpace", ColorSpaceName(datum->toLong()));
}

/// Canon and Nikon keep the zone of the camera clock in minutes.
void AddMakerTimeZone(const Exiv2::ExifData& exif, TagSet& tags) {
  const auto add = [&tags](long minutes) {
    if (std::abs(minutes) > 14 * 60) return;
    char text[16];
    std::snprintf(text, sizeof text, "%c%02ld:%02ld", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                  std::abs(minutes) % 60);
    tags.AddText("TimeZone", text);
  };
  if (const auto* canon = Find(exif, "Exif.CanonTi.TimeZone")) add(canon->toLong());
  if (const auto* nikon = Find(exif, "Exif.NikonWt.Timezone")) {
    const auto* daylight_saving = Find(exif, "Exif.NikonWt.DaylightSavings");
    add(nikon->toLong() + (daylight_saving != nullptr && daylight_saving->toLong() != 0 ? 60 : 0));
  }
}

void AddLens(const Exiv2::ExifData& exif, TagSet& tags) {
  AddTextTag(exif, "Exif.Photo.LensModel", "LensModel", tags);
  const auto lens = Exiv2::lensName(exif);
  if (lens == exif.end() || lens->count() == 0 || lens->groupName() == "Photo") return;
  // Exiv2 prints "(123)" for lenses it has no name for.
  std::string name = Trimmed(lens->print(&exif));
  if (!name.empty() && name.front() != '(') tags.AddText("LensID", std::move(name));
}

}  // namespace

std::string ColorSpaceName(long value) {
  constexpr std::array<std::pair<long, std::string_view>, 5> kNames = {
      {{1, "sRGB"}, {2, "Adobe RGB"}, {0xFFFD, "Wide Gamut RGB"}, {0xFFFE, "ICC Profile"}, {0xFFFF, "Uncalibrated"}}};
  for (const auto& [number, name] : kNames) {
    if (number == value) return std::string(name);
  }
  return "Unknown (" + std::to_string(value) + ")";
}

void AddExifTags(const Exiv2::ExifData& exif, TagSet& tags) {
  if (exif.empty()) return;
  AddDate(exif, "Exif.Photo.DateTimeOriginal", "Exif.Photo.SubSecTimeOriginal", "Exif.Photo.OffsetTimeOriginal",
          "DateTimeOriginal", tags);
  AddDate(exif, "Exif.Photo.DateTimeDigitized", "Exif.Photo.SubSecTimeDigitized", "Exif.Photo.OffsetTimeDigitized",
          "CreateDate", tags);
  AddTextTag(exif, "Exif.Photo.OffsetTimeOriginal", "OffsetTimeOriginal", tags);
  AddTextTag(exif, "Exif.Photo.OffsetTimeDigitized", "OffsetTimeDigitized", tags);
  AddTextTag(exif, "Exif.Photo.OffsetTime", "OffsetTime", tags);
  AddRealTag(exif, "Exif.Image.TimeZoneOffset", "TimeZoneOffset", tags);
  AddMakerTimeZone(exif, tags);
  AddTextTag(exif, "Exif.Image.Make", "Make", tags);
  AddTextTag(exif, "Exif.Image.Model", "Model", tags);
  AddTextTag(exif, "Exif.Image.ImageDescription", "ImageDescription", tags);
  AddRealTag(exif, "Exif.Image.Orientation", "Orientation", tags);
  AddTextTag(exif, "Exif.Image.BitsPerSample", "BitsPerSample", tags);
  AddExposure(exif, tags);
  AddColorSpace(exif, tags);
  AddLens(exif, tags);
  AddGps(exif, tags);
  if (const auto* note = Find(exif, "Exif.Photo.MakerNote")) {
    std::vector<uint8_t> bytes(static_cast<size_t>(note->size()));
    note->copy(bytes.data(), Exiv2::bigEndian);
    AddAppleMakerNote(bytes, tags);
  }
}

}  // namespace immich::media
