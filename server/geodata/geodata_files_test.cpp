#include <gtest/gtest.h>

#include <fstream>

#include "platform/error/error.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/geodata/country_shapes.hpp"
#include "server/geodata/geonames_reader.hpp"

namespace immich::geodata {
namespace {

std::string Line(std::string_view id, std::string_view name, std::string_view feature, std::string_view country,
                 std::string_view latitude = "47.36667") {
  std::string line;
  for (const std::string_view field :
       {id, name, name, std::string_view("Zueri,Turicum"), latitude, std::string_view("8.55"), std::string_view("P"),
        feature, country, std::string_view(), std::string_view("ZH"), std::string_view("112")}) {
    line += field;
    line += '\t';
  }
  return line + "261\t\t341730\t\t429\tEurope/Zurich\t2023-01-05\n";
}

TEST(GeonamesReaderTest, ReadsPlacesWithTheirRegions) {
  const immich::testing::TemporaryDirectory folder;
  std::ofstream(folder / "cities") << Line("1", "Zürich", "PPLA", "CH") << Line("2", "Kreis 4", "PPLX", "CH")
                                   << Line("3", "Bondi", "PPLX", "AU") << "broken\n"
                                   << Line("x", "Y", "PPL", "CH") << Line("4", "Z", "PPL", "CH", "north");
  std::ofstream(folder / "admin1.txt") << "CH.ZH\tZurich\tZurich\t2657895\n";
  std::ofstream(folder / "admin2.json") << R"([{"code":"CH.ZH.112","name":"Zürich District"},{"code":7}])";
  GeonamesReader reader(folder / "cities", ReadAdminNames(folder / "admin1.txt"),
                        ReadAdminNames(folder / "admin2.json"));
  const PlaceColumns places = reader.Read(10);
  ASSERT_EQ(places.id, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(places.name[0], "Zürich");
  EXPECT_EQ(places.admin1_name[0], "Zurich");
  EXPECT_EQ(places.admin2_name[0], "Zürich District");
  EXPECT_EQ(places.admin1_name[1], "");
  EXPECT_EQ(places.alternate_names[0], "Zueri,Turicum");
  EXPECT_DOUBLE_EQ(places.latitude[0], 47.36667);
  EXPECT_EQ(places.modified[0], "2023-01-05");
  EXPECT_TRUE(reader.Read(10).empty());
  EXPECT_THROW(GeonamesReader(folder / "nothing", {}, {}), InternalError);
}

TEST(CountryShapesTest, ReadsGeoJson) {
  const auto shapes =
      ParseCountryShapes(R"({"type":"FeatureCollection","features":[{"properties":{"ADMIN":"Switzerland",
    "ADM0_A3":"CHE","TYPE":"Sovereign country"},"geometry":{"type":"MultiPolygon","coordinates":
    [[[[0,0],[1,0],[1,1],[0,0]],[[0.1,0.1],[0.2,0.1],[0.2,0.2],[0.1,0.1]]],[[[5,5],[6,5],[6,6],[5,5]]]]}}]})");
  ASSERT_EQ(shapes.size(), 2);
  EXPECT_EQ(shapes[0].name, "Switzerland");
  EXPECT_EQ(shapes[0].alpha3, "CHE");
  EXPECT_EQ(shapes[0].polygon, "((0.000000,0.000000),(1.000000,0.000000),(1.000000,1.000000),(0.000000,0.000000))");
}

TEST(CountryShapesTest, ReadsTopoJson) {
  // A square of two arcs; the second is used backwards.
  const auto shapes = ParseCountryShapes(R"({"type":"Topology","transform":{"scale":[0.5,0.5],"translate":[10,20]},
    "arcs":[[[0,0],[2,0],[0,2]],[[0,0],[0,2],[2,0]]],"objects":{"countries":{"geometries":[
    {"type":"Polygon","id":"756","properties":{"name":"Switzerland"},"arcs":[[0,-2]]},
    {"type":"Polygon","properties":{"name":"Nowhere"},"arcs":[[0,-2]]}]}}})");
  ASSERT_EQ(shapes.size(), 2);
  EXPECT_EQ(shapes[0].alpha3, "CHE");
  EXPECT_EQ(shapes[0].polygon,
            "((10.000000,20.000000),(11.000000,20.000000),(11.000000,21.000000),(10.000000,21.000000),(10.000000,20."
            "000000))");
  EXPECT_EQ(shapes[1].alpha3, "-99");
  EXPECT_THROW(ParseCountryShapes("{}"), InternalError);
  EXPECT_THROW(ParseCountryShapes("[1"), InternalError);
}

}  // namespace
}  // namespace immich::geodata
