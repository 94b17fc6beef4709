#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace immich::geodata {

/// One outer ring of a country. Holes and what PostgreSQL's polygon cannot hold are left out.
struct CountryShape {
  std::string name;
  /// ISO 3166-1 alpha-3, `-99` where there is none.
  std::string alpha3;
  std::string type;
  /// `((x,y),(x,y)…)`, x is the longitude.
  std::string polygon;
};

/// From Natural Earth's admin-0 countries as GeoJSON (properties ADMIN, ADM0_A3, TYPE) or as the TopoJSON of the npm
/// package world-atlas (`id` is the ISO number, properties.name). Throws InternalError for anything else.
std::vector<CountryShape> ParseCountryShapes(std::string_view json);

}  // namespace immich::geodata
