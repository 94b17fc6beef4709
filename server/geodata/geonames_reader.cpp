#include "server/geodata/geonames_reader.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/json/json_parse.hpp"
#include "platform/time/time_point.hpp"

namespace immich::geodata {

namespace {

// Columns of GeoNames' table.
enum Column {
  kId = 0,
  kName = 1,
  kAlternateNames = 3,
  kLatitude = 4,
  kLongitude = 5,
  kFeature = 7,
  kCountry = 8,
  kAdmin1 = 10,
  kAdmin2 = 11,
  kModified = 18,
  kColumnCount = 19
};

using Fields = std::array<std::string_view, kColumnCount>;

bool Split(std::string_view line, Fields& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t tab = line.find('\t');
    fields[i] = line.substr(0, tab);
    if (tab == std::string_view::npos) return i + 1 == fields.size();
    line.remove_prefix(tab + 1);
  }
  return true;
}

template <class Number>
std::optional<Number> Parse(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string NameOf(const std::unordered_map<std::string, std::string>& names, const std::string& code) {
  const auto found = names.find(code);
  return found == names.end() ? std::string() : found->second;
}

void ReadJson(std::string_view text, std::unordered_map<std::string, std::string>& names) {
  const json::Document document = json::Document::Parse(text);
  if (!document.root().is_array()) throw InternalError("geodata: the administrative names are not a list");
  for (const boost::json::value& item : document.root().get_array()) {
    const boost::json::object* entry = item.if_object();
    const auto* code = entry != nullptr ? entry->if_contains("code") : nullptr;
    const auto* name = entry != nullptr ? entry->if_contains("name") : nullptr;
    if (code == nullptr || name == nullptr || !code->is_string() || !name->is_string()) continue;
    names.emplace(std::string_view(code->get_string()), std::string_view(name->get_string()));
  }
}

void ReadTable(std::string_view text, std::unordered_map<std::string, std::string>& names) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const std::string_view rest = line.substr(tab + 1);
    names.emplace(line.substr(0, tab), rest.substr(0, rest.find('\t')));
  }
}

}  // namespace

std::unordered_map<std::string, std::string> ReadAdminNames(const std::string& path) {
  const std::string text = fs::ReadWholeFile(path);
  std::unordered_map<std::string, std::string> names;
  text.starts_with('[') ? ReadJson(text, names) : ReadTable(text, names);
  return names;
}

GeonamesReader::GeonamesReader(const std::string& path, std::unordered_map<std::string, std::string> admin1,
                               std::unordered_map<std::string, std::string> admin2)
    : file_(path), admin1_(std::move(admin1)), admin2_(std::move(admin2)) {
  if (!file_) throw InternalError("geodata: cannot read " + path);
}

bool GeonamesReader::Add(std::string_view line, PlaceColumns& out) const {
  Fields fields;
  if (!Split(line, fields)) return false;
  if (fields[kFeature] == "PPLX" && fields[kCountry] != "AU") return false;
  const auto id = Parse<std::int64_t>(fields[kId]);
  const auto latitude = Parse<double>(fields[kLatitude]);
  const auto longitude = Parse<double>(fields[kLongitude]);
  const std::string_view modified = fields[kModified].substr(0, 10);
  if (!id || !latitude || !longitude || fields[kCountry].size() != 2 || !ParseIsoDate(modified)) return false;
  const std::string admin1 = std::string(fields[kCountry]) + "." + std::string(fields[kAdmin1]);
  out.id.push_back(*id);
  out.latitude.push_back(*latitude);
  out.longitude.push_back(*longitude);
  out.name.emplace_back(fields[kName]);
  out.country_code.emplace_back(fields[kCountry]);
  out.admin1_code.emplace_back(fields[kAdmin1]);
  out.admin2_code.emplace_back(fields[kAdmin2]);
  out.modified.emplace_back(modified);
  out.admin1_name.push_back(NameOf(admin1_, admin1));
  out.admin2_name.push_back(NameOf(admin2_, admin1 + "." + std::string(fields[kAdmin2])));
  out.alternate_names.emplace_back(fields[kAlternateNames]);
  return true;
}

PlaceColumns GeonamesReader::Read(std::size_t count) {
  PlaceColumns out;
  std::string line;
  while (out.id.size() < count && std::getline(file_, line)) Add(line, out);
  return out;
}

}  // namespace immich::geodata
