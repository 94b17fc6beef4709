#include "media/geo/geonames_reader.hpp"

#include <boost/json.hpp>

#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string_view>
#include <unordered_map>

namespace immich::media {
namespace {

using RegionNames = std::unordered_map<std::string, std::string>;

/// Columns of the GeoNames "geoname" table.
enum Column : size_t {
  kId = 0,
  kName = 1,
  kAlternateNames = 3,
  kLatitude = 4,
  kLongitude = 5,
  kFeatureCode = 7,
  kCountry = 8,
  kAdmin1 = 10,
  kAdmin2 = 11,
  kModified = 18,
  kColumnCount = 19,
};
constexpr size_t kDateLength = 10;

std::expected<RegionNames, Failure> ReadRegionNames(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(FailureKind::kNotFound, path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  boost::system::error_code error;
  boost::json::monotonic_resource arena;
  const auto parsed = boost::json::parse(text, error, &arena);
  if (error || !parsed.is_array()) return Fail(FailureKind::kCorrupt, path);
  RegionNames names;
  for (const auto& entry : parsed.as_array()) {
    const auto* object = entry.if_object();
    const auto* code = object == nullptr ? nullptr : object->if_contains("code");
    const auto* name = object == nullptr ? nullptr : object->if_contains("name");
    if (code == nullptr || name == nullptr || !code->is_string() || !name->is_string()) continue;
    names.emplace(std::string(code->as_string()), std::string(name->as_string()));
  }
  return names;
}

std::optional<std::string> NonEmpty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::optional<std::string> NameOf(const RegionNames& names, const std::string& code) {
  const auto found = names.find(code);
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

template <typename Number>
bool ParseNumber(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool SplitLine(std::string_view line, std::array<std::string_view, kColumnCount>& columns) {
  size_t start = 0;
  for (size_t i = 0; i < kColumnCount; ++i) {
    const size_t end = line.find('\t', start);
    columns[i] = line.substr(start, end == std::string_view::npos ? end : end - start);
    if (end == std::string_view::npos) return i + 1 == kColumnCount;
    start = end + 1;
  }
  return true;
}

std::optional<GeoPlace> ParsePlace(std::string_view line, const RegionNames& admin1, const RegionNames& admin2) {
  std::array<std::string_view, kColumnCount> columns;
  if (!SplitLine(line, columns) || columns[kCountry].size() != 2) return std::nullopt;
  if (columns[kFeatureCode] == "PPLX" && columns[kCountry] != "AU") return std::nullopt;
  GeoPlace place;
  if (!ParseNumber(columns[kId], place.id) || !ParseNumber(columns[kLatitude], place.latitude) ||
      !ParseNumber(columns[kLongitude], place.longitude) || columns[kModified].size() < kDateLength) {
    return std::nullopt;
  }
  place.name = columns[kName];
  place.country_code = columns[kCountry];
  place.admin1_code = NonEmpty(columns[kAdmin1]);
  place.admin2_code = NonEmpty(columns[kAdmin2]);
  place.modification_date = columns[kModified].substr(0, kDateLength);
  const std::string region = place.country_code + "." + std::string(columns[kAdmin1]);
  place.admin1_name = NameOf(admin1, region);
  place.admin2_name = NameOf(admin2, region + "." + std::string(columns[kAdmin2]));
  place.alternate_names = NonEmpty(columns[kAlternateNames]);
  return place;
}

}  // namespace

std::expected<int64_t, Failure> ReadGeoNames(const GeoNamesFiles& files,
                                             const std::function<void(const GeoPlace&)>& visit) {
  const auto admin1 = ReadRegionNames(files.admin1);
  if (!admin1) return std::unexpected(admin1.error());
  const auto admin2 = ReadRegionNames(files.admin2);
  if (!admin2) return std::unexpected(admin2.error());
  std::ifstream cities(files.cities, std::ios::binary);
  if (!cities) return Fail(FailureKind::kNotFound, files.cities);
  int64_t count = 0;
  for (std::string line; std::getline(cities, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const auto place = ParsePlace(line, *admin1, *admin2);
    if (!place) continue;
    visit(*place);
    ++count;
  }
  return count;
}

}  // namespace immich::media
