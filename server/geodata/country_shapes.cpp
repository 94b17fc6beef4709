#include "server/geodata/country_shapes.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <utility>

#include "platform/error/error.hpp"
#include "platform/json/json_parse.hpp"
#include "server/core/country_names.hpp"

namespace immich::geodata {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

struct Point {
  double x = 0, y = 0;
};
using Ring = std::vector<Point>;

constexpr std::string_view kNoCode = "-99";
constexpr std::string_view kDefaultType = "Sovereign country";

std::string PolygonText(const Ring& ring) {
  fmt::memory_buffer text;
  text.push_back('(');
  for (const Point& point : ring) fmt::format_to(fmt::appender(text), "({:.6f},{:.6f}),", point.x, point.y);
  text.resize(text.size() - 1);
  text.push_back(')');
  return fmt::to_string(text);
}

std::string TextOf(const object& properties, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const value* found = properties.if_contains(name);
    if (found != nullptr && found->is_string()) return std::string(std::string_view(found->get_string()));
  }
  return {};
}

/// Adds a shape for each polygon of a geometry; `rings_of` turns the JSON of one polygon into its outer ring.
template <class OuterRing>
void AddShapes(const object& geometry, const char* member, const CountryShape& country, const OuterRing& outer_ring,
               std::vector<CountryShape>& out) {
  const auto add = [&](const array& polygon) {
    if (polygon.empty()) return;
    const Ring ring = outer_ring(polygon.front().as_array());
    if (ring.size() < 3) return;
    out.push_back(country);
    out.back().polygon = PolygonText(ring);
  };
  const array& parts = geometry.at(member).as_array();
  if (geometry.at("type").as_string() == "Polygon") {
    add(parts);
  } else if (geometry.at("type").as_string() == "MultiPolygon") {
    for (const value& polygon : parts) add(polygon.as_array());
  }
}

Ring CoordinateRing(const array& points) {
  Ring ring;
  for (const value& point : points) {
    ring.push_back({point.as_array().at(0).to_number<double>(), point.as_array().at(1).to_number<double>()});
  }
  return ring;
}

std::vector<CountryShape> FromGeoJson(const object& root) {
  std::vector<CountryShape> out;
  for (const value& feature : root.at("features").as_array()) {
    const object& properties = feature.as_object().at("properties").as_object();
    CountryShape country{TextOf(properties, {"ADMIN", "admin"}),
                         TextOf(properties, {"ADM0_A3", "adm0_a3"}),
                         TextOf(properties, {"TYPE", "type"}),
                         {}};
    if (country.type.empty()) country.type = kDefaultType;
    AddShapes(feature.as_object().at("geometry").as_object(), "coordinates", country, CoordinateRing, out);
  }
  return out;
}

/// TopoJSON keeps borders once, as arcs of quantised steps that rings refer to; ~i is arc i backwards.
class Topology {
 public:
  explicit Topology(const object& root) {
    const object& transform = root.at("transform").as_object();
    const array& scale = transform.at("scale").as_array();
    const array& origin = transform.at("translate").as_array();
    for (const value& arc : root.at("arcs").as_array()) {
      Ring& points = arcs_.emplace_back();
      double x = 0, y = 0;
      for (const value& step : arc.as_array()) {
        x += step.as_array().at(0).to_number<double>();
        y += step.as_array().at(1).to_number<double>();
        points.push_back({x * scale.at(0).to_number<double>() + origin.at(0).to_number<double>(),
                          y * scale.at(1).to_number<double>() + origin.at(1).to_number<double>()});
      }
    }
  }

  Ring RingOf(const array& indexes) const {
    Ring ring;
    for (const value& item : indexes) {
      const auto index = item.to_number<std::int64_t>();
      const Ring& arc = arcs_.at(static_cast<std::size_t>(index >= 0 ? index : ~index));
      // Arcs meet in a point they share.
      if (!ring.empty()) ring.pop_back();
      if (index >= 0) {
        ring.insert(ring.end(), arc.begin(), arc.end());
      } else {
        ring.insert(ring.end(), arc.rbegin(), arc.rend());
      }
    }
    return ring;
  }

 private:
  std::vector<Ring> arcs_;
};

std::string CodeOf(const object& geometry) {
  const value* id = geometry.if_contains("id");
  if (id == nullptr || !id->is_string()) return std::string(kNoCode);
  const std::string_view text(id->get_string());
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::string(CountryAlpha3ByNumber(number).value_or(kNoCode));
}

std::vector<CountryShape> FromTopoJson(const object& root) {
  const Topology topology(root);
  std::vector<CountryShape> out;
  const object& countries = root.at("objects").as_object().at("countries").as_object();
  for (const value& item : countries.at("geometries").as_array()) {
    const object& geometry = item.as_object();
    const CountryShape country{
        TextOf(geometry.at("properties").as_object(), {"name"}), CodeOf(geometry), std::string(kDefaultType), {}};
    if (!geometry.contains("arcs")) continue;
    AddShapes(geometry, "arcs", country, [&](const array& ring) { return topology.RingOf(ring); }, out);
  }
  return out;
}

}  // namespace

std::vector<CountryShape> ParseCountryShapes(std::string_view json) {
  try {
    const json::Document document = json::Document::Parse(json);
    const object& root = document.root().as_object();
    return root.at("type").as_string() == "Topology" ? FromTopoJson(root) : FromGeoJson(root);
  } catch (const std::exception& error) {
    throw InternalError(fmt::format("geodata: the shapes of countries cannot be read: {}", error.what()));
  }
}

}  // namespace immich::geodata
