#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "media/failure.hpp"

namespace immich::media {

/// A row for the table naturalearth_countries: one outline (islands are rows of their own; lakes and enclaves inside are
/// not cut out).
struct CountryOutline {
  struct Point {
    double longitude, latitude;
  };
  std::string admin;     ///< English name
  std::string admin_a3;  ///< ISO 3166-1 alpha-3, or Natural Earth's own code where there is none
  std::string type;      ///< "Country", or "Indeterminate" without an ISO code
  std::vector<Point> points;  ///< closed: the last equals the first

  /// As PostgreSQL reads a polygon: "((x,y),...)".
  std::string ToPolygonText() const;
};

/// Outlines of countries-10m.json (npm world-atlas, TopoJSON). kCorrupt when it is none.
std::expected<std::vector<CountryOutline>, Failure> ReadCountryOutlines(std::string_view topojson);

}  // namespace immich::media
