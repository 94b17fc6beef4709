#include "media/geo/natural_earth_reader.hpp"

#include <boost/json.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "media/geo/country_name.hpp"

namespace immich::media {
namespace {

namespace json = boost::json;

using Point = CountryOutline::Point;
using Arc = std::vector<Point>;

const json::value* Member(const json::value* value, std::string_view name) {
  return value != nullptr && value->is_object() ? value->as_object().if_contains(name) : nullptr;
}

std::optional<double> NumberAt(const json::value* array, size_t index) {
  if (array == nullptr || !array->is_array() || index >= array->as_array().size()) return std::nullopt;
  const json::value& value = array->as_array()[index];
  return value.is_number() ? std::optional(value.to_number<double>()) : std::nullopt;
}

/// Arcs are steps on a grid; `transform` gives its origin and spacing.
struct Grid {
  double scale_x, scale_y, origin_x, origin_y;
};

std::optional<Grid> ReadGrid(const json::value& topology) {
  const json::value* transform = Member(&topology, "transform");
  const auto scale_x = NumberAt(Member(transform, "scale"), 0);
  const auto scale_y = NumberAt(Member(transform, "scale"), 1);
  const auto origin_x = NumberAt(Member(transform, "translate"), 0);
  const auto origin_y = NumberAt(Member(transform, "translate"), 1);
  if (!scale_x || !scale_y || !origin_x || !origin_y) return std::nullopt;
  return Grid{*scale_x, *scale_y, *origin_x, *origin_y};
}

Arc ReadArc(const json::value& steps, const Grid& grid) {
  Arc arc;
  if (!steps.is_array()) return arc;
  double x = 0;
  double y = 0;
  for (const json::value& step : steps.as_array()) {
    x += NumberAt(&step, 0).value_or(0);
    y += NumberAt(&step, 1).value_or(0);
    arc.push_back({grid.origin_x + x * grid.scale_x, grid.origin_y + y * grid.scale_y});
  }
  return arc;
}

/// Joins arcs to a ring. A negative index ~i is arc i backwards; the first point of each further arc repeats the last.
std::vector<Point> JoinRing(const json::value& indexes, const std::vector<Arc>& arcs) {
  std::vector<Point> ring;
  if (!indexes.is_array()) return ring;
  for (const json::value& value : indexes.as_array()) {
    if (!value.is_int64()) return {};
    const int64_t index = value.as_int64();
    const bool backwards = index < 0;
    const auto at = static_cast<size_t>(backwards ? ~index : index);
    if (at >= arcs.size()) return {};
    Arc part = arcs[at];
    if (backwards) part = Arc(part.rbegin(), part.rend());
    ring.insert(ring.end(), part.begin() + (ring.empty() || part.empty() ? 0 : 1), part.end());
  }
  return ring;
}

/// Codes Natural Earth uses where ISO has none.
constexpr auto kOwnCodes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Kosovo", "KOS"},
    {"N. Cyprus", "CYN"},
    {"Somaliland", "SOL"},
    {"Dhekelia", "ESB"},
    {"Akrotiri", "WSB"},
    {"Cyprus U.N. Buffer Zone", "CNM"},
    {"Siachen Glacier", "KAS"},
    {"Baikonur", "KAB"},
    {"USNB Guantanamo Bay", "USG"},
    {"Indian Ocean Ter.", "IOA"},
    {"Coral Sea Is.", "CSI"},
    {"Spratly Is.", "PGA"},
    {"Clipperton I.", "CLP"},
    {"Bajo Nuevo Bank", "BJN"},
    {"Serranilla Bank", "SER"},
    {"Scarborough Reef", "SCR"},
});

CountryOutline Describe(const json::value& geometry) {
  CountryOutline outline{.admin = {}, .admin_a3 = "-99", .type = "Indeterminate", .points = {}};
  const json::value* name = Member(Member(&geometry, "properties"), "name");
  if (name != nullptr && name->is_string()) outline.admin = name->as_string();
  const json::value* id = Member(&geometry, "id");
  const auto code = id != nullptr && id->is_string() ? CountryCodeOfNumber(std::atoi(id->as_string().c_str())) : std::nullopt;
  if (code) {
    outline.admin_a3 = *code;
    outline.admin = CountryName(*code).value_or(outline.admin);
    outline.type = "Country";
    return outline;
  }
  for (const auto& [admin, own_code] : kOwnCodes) {
    if (admin == outline.admin) outline.admin_a3 = own_code;
  }
  return outline;
}

void AddOutline(const CountryOutline& country, const json::value& polygon, const std::vector<Arc>& arcs,
                std::vector<CountryOutline>& out) {
  constexpr size_t kTriangle = 4;
  if (!polygon.is_array() || polygon.as_array().empty()) return;
  CountryOutline outline = country;
  outline.points = JoinRing(polygon.as_array().front(), arcs);
  if (outline.points.size() >= kTriangle) out.push_back(std::move(outline));
}

}  // namespace

std::string CountryOutline::ToPolygonText() const {
  std::string text = "(";
  for (const Point& point : points) {
    char pair[64];
    std::snprintf(pair, sizeof pair, "%s(%.6f,%.6f)", text.size() > 1 ? "," : "", point.longitude, point.latitude);
    text += pair;
  }
  return text + ")";
}

std::expected<std::vector<CountryOutline>, Failure> ReadCountryOutlines(std::string_view topojson) {
  boost::system::error_code error;
  json::monotonic_resource arena;
  const json::value topology = json::parse(json::string_view(topojson.data(), topojson.size()), error, &arena);
  const json::value* arc_list = Member(&topology, "arcs");
  const json::value* geometries = Member(Member(Member(&topology, "objects"), "countries"), "geometries");
  const auto grid = error ? std::nullopt : ReadGrid(topology);
  if (!grid || arc_list == nullptr || !arc_list->is_array() || geometries == nullptr || !geometries->is_array()) {
    return Fail(FailureKind::kCorrupt, "not the TopoJSON of countries");
  }
  std::vector<Arc> arcs;
  for (const json::value& steps : arc_list->as_array()) arcs.push_back(ReadArc(steps, *grid));
  std::vector<CountryOutline> out;
  for (const json::value& geometry : geometries->as_array()) {
    const json::value* type = Member(&geometry, "type");
    const json::value* shape = Member(&geometry, "arcs");
    if (type == nullptr || shape == nullptr || !shape->is_array() || !type->is_string()) continue;
    const CountryOutline country = Describe(geometry);
    if (type->as_string() == "Polygon") {
      AddOutline(country, *shape, arcs, out);
    } else {
      for (const json::value& polygon : shape->as_array()) AddOutline(country, polygon, arcs, out);
    }
  }
  return out;
}

}  // namespace immich::media
