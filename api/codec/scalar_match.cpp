#include "api/codec/scalar_match.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "platform/uuid/uuid.hpp"

namespace immich::api {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsHex(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool IsAlphanumeric(char c) {
  return IsDigit(c) || IsLetter(c);
}
template <class Predicate>
bool All(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}
bool AllDigits(std::string_view text) {
  return All(text, IsDigit);
}

/// `low`..`high` are the version digits allowed; the variant is RFC 9562's.
bool IsUuid(std::string_view text, char low, char high) {
  if (!Uuid::Parse(text)) return false;
  const char variant = text[19];
  return text[14] >= low && text[14] <= high &&
         (variant == '8' || variant == '9' || variant == 'a' || variant == 'b' || variant == 'A' || variant == 'B');
}

bool IsAnyUuid(std::string_view text) {
  return IsUuid(text, '1', '8') || text == "00000000-0000-0000-0000-000000000000" ||
         text == "ffffffff-ffff-ffff-ffff-ffffffffffff";
}

/// YYYY-MM-DD of a day that exists.
bool IsDate(std::string_view text) {
  return text.size() == 10 && IsDigit(text[0]) && ParseIsoDate(text).has_value();
}

/// HH:MM of a day with 24 hours.
bool IsClock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':' || !AllDigits(text.substr(0, 2)) || !AllDigits(text.substr(3))) return false;
  return text.substr(0, 2) < "24" && text[3] < '6';
}

/// `:SS` with an optional fraction; empty is right too.
bool IsSecondsPart(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() < 3 || text[0] != ':' || text[1] > '5' || !AllDigits(text.substr(1, 2))) return false;
  return text.size() == 3 || (text[3] == '.' && text.size() > 4 && AllDigits(text.substr(4)));
}

/// Where the zone (`Z` or `+HH:MM`) of a date-time begins, when date, hour and minute in front of it are right.
std::optional<std::size_t> FindZone(std::string_view text) {
  if (text.size() < 17 || text[10] != 'T' || !IsDate(text.substr(0, 10)) || !IsClock(text.substr(11, 5))) return {};
  if (text.back() == 'Z') return text.size() - 1;
  if (text.size() < 22) return {};
  const std::size_t zone = text.size() - 6;
  const bool has_sign = text[zone] == '+' || text[zone] == '-';
  return has_sign && IsClock(text.substr(zone + 1)) ? std::optional(zone) : std::nullopt;
}

bool IsDatetime(std::string_view text) {
  const auto zone = FindZone(text);
  return zone && IsSecondsPart(text.substr(16, *zone - 16));
}

bool IsColor(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  return (text.size() == 3 || text.size() == 4 || text.size() == 6 || text.size() == 8) && All(text, IsHex);
}

/// IM(SV|CL) and eight groups of four.
bool IsLicenseKey(std::string_view text) {
  if (text.size() != 44 || !(text.starts_with("IMSV") || text.starts_with("IMCL"))) return false;
  for (std::size_t i = 4; i < text.size(); ++i) {
    if ((i - 4) % 5 == 0 ? text[i] != '-' : !IsAlphanumeric(text[i])) return false;
  }
  return true;
}

bool IsBackupName(std::string_view text) {
  return !text.empty() && All(text, [](char c) { return IsAlphanumeric(c) || c == '_' || c == '-' || c == '.'; });
}

bool IsSegmentName(std::string_view text) {
  if (text == "init.mp4") return true;
  return text.starts_with("seg_") && text.ends_with(".m4s") && text.size() > 8 &&
         AllDigits(text.substr(4, text.size() - 8));
}

/// Next code point; negative for invalid UTF-8.
UChar32 Next(std::string_view text, std::size_t& at) {
  UChar32 point;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto index = static_cast<std::int32_t>(at);
  U8_NEXT(bytes, index, static_cast<std::int32_t>(text.size()), point);  // NOLINT(bugprone-inc-dec-in-conditions)
  at = static_cast<std::size_t>(index);
  return point;
}

bool IsLetterOrNumber(UChar32 point) {
  return (U_GET_GC_MASK(point) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}
bool IsWordPoint(UChar32 point) {
  return IsLetterOrNumber(point) || (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0;
}

/// One to 63 code points; a letter or number first, no hyphen last.
bool IsDomainLabel(std::string_view label) {
  std::size_t at = 0, count = 0;
  UChar32 last = '-';
  while (at < label.size()) {
    last = Next(label, at);
    if (last < 0 || !(count == 0 ? IsLetterOrNumber(last) : IsWordPoint(last) || last == '-')) return false;
    ++count;
  }
  return count >= 1 && count <= 63 && last != '-';
}

bool IsEmail(std::string_view text) {
  constexpr std::string_view kSigns = ".!#$%&'*+/=?^_`{|}~-";
  const std::size_t at_sign = text.find('@');
  if (text.size() > 4096 || at_sign == std::string_view::npos || at_sign == 0) return false;
  for (std::size_t at = 0; at < at_sign;) {
    const UChar32 point = Next(text.substr(0, at_sign), at);
    const bool sign = point > 0 && point < 128 && kSigns.find(static_cast<char>(point)) != std::string_view::npos;
    if (point < 0 || !(sign || IsWordPoint(point))) return false;
  }
  std::string_view domain = text.substr(at_sign + 1);
  for (std::size_t dot = domain.find('.'); dot != std::string_view::npos; dot = domain.find('.')) {
    if (!IsDomainLabel(domain.substr(0, dot))) return false;
    domain.remove_prefix(dot + 1);
  }
  return IsDomainLabel(domain);
}

/// A scheme, and for web schemes a host: what JavaScript's URL constructor insists on.
bool IsUrl(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !IsLetter(text[0])) return false;
  const std::string_view scheme = text.substr(0, colon);
  if (!All(scheme, [](char c) { return IsAlphanumeric(c) || c == '+' || c == '-' || c == '.'; })) return false;
  const std::string lower = LowerCase(scheme);
  if (lower != "http" && lower != "https" && lower != "ws" && lower != "wss" && lower != "ftp") return true;
  std::string_view rest = text.substr(colon + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of("/\\"), rest.size()));
  const std::string_view host = rest.substr(0, rest.find_first_of("/\\?#"));
  return !host.empty() && host.find_first_of(" <>^|") == std::string_view::npos;
}

}  // namespace

bool MatchesScalar(Scalar scalar, std::string_view text) {
  switch (scalar) {
    case Scalar::kString:
    case Scalar::kBinary:
      return true;
    case Scalar::kUuid:
      return IsUuid(text, '4', '4');
    case Scalar::kUuid7:
      return IsUuid(text, '7', '7');
    case Scalar::kUuidAny:
      return IsAnyUuid(text);
    case Scalar::kDatetime:
    case Scalar::kTimestamp:
      return IsDatetime(text);
    case Scalar::kDate:
    case Scalar::kDay:
      return IsDate(text);
    case Scalar::kEmail:
      return IsEmail(text);
    case Scalar::kUrl:
      return IsUrl(text);
    case Scalar::kPinCode:
      return text.size() == 6 && AllDigits(text);
    case Scalar::kColor:
      return IsColor(text);
    case Scalar::kLicenseKey:
      return IsLicenseKey(text);
    case Scalar::kClock:
      return IsClock(text);
    case Scalar::kTagName:
      return text.find('/') == std::string_view::npos;
    case Scalar::kBackupName:
      return IsBackupName(text);
    case Scalar::kSegmentName:
      return IsSegmentName(text);
  }
  return false;
}

std::optional<TimePoint> ParseDatetime(std::string_view text) {
  const auto zone = FindZone(text);
  if (!zone) return std::nullopt;
  // Seconds may be missing and fractions arbitrarily long, which ParseIso does not take.
  std::string normal(text.substr(0, 16));
  const std::string_view seconds = text.substr(16, *zone - 16);
  normal.append(seconds.empty() ? ":00" : seconds.substr(0, 7)).append(text.substr(*zone));
  return ParseIso(normal);
}

std::string LowerCase(std::string_view text) {
  std::string out;
  auto wide = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  wide.toLower(icu::Locale::getRoot()).toUTF8String(out);
  return out;
}

std::size_t JavaScriptLength(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    length += (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1;
  }
  return length;
}

}  // namespace immich::api
