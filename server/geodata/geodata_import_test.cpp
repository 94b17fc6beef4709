#include "server/geodata/geodata_import.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "db/testing/migrated_database.hpp"
#include "db/testing/query_value.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/core/reverse_geocoder.hpp"

namespace immich::geodata {
namespace {

using immich::testing::QueryNumber;
using immich::testing::QueryText;

constexpr const char* kObjects =
    "SELECT string_agg(name, ' ' ORDER BY name) FROM (SELECT indexname::text AS name FROM pg_indexes WHERE tablename = "
    "'geodata_places' UNION SELECT conname::text FROM pg_constraint WHERE conrelid = 'geodata_places'::regclass UNION "
    "SELECT indexdef FROM pg_indexes WHERE tablename = 'geodata_places') AS objects";

void WriteFiles(const immich::testing::TemporaryDirectory& folder, std::string_view date, std::string_view city) {
  std::ofstream(folder / "geodata-date.txt") << date << "\n";
  std::ofstream(folder / "cities500.txt")
      << "1\t" << city
      << "\t\tTuricum\t47.36667\t8.55\tP\tPPLA\tCH\t\tZH\t112\t261\t\t341730\t\t429\tEurope/Zurich\t2023-01-05\n";
  std::ofstream(folder / "admin1.json") << R"([{"code":"CH.ZH","name":"Zurich"}])";
  std::ofstream(folder / "admin2.json") << "[]";
  std::ofstream(folder / "countries-10m.json")
      << R"({"type":"FeatureCollection","features":[{"properties":{"ADMIN":"X","ADM0_A3":"ITA"},"geometry":
           {"type":"Polygon","coordinates":[[[10,40],[14,40],[14,44],[10,44],[10,40]]]}}]})";
}

TEST(GeodataImportTest, FillsTheTablesOnceADate) {
  const immich::testing::MigratedDatabase database;
  immich::testing::WithPool(database, [](pg::Pool& db) -> Task<void> {
    const immich::testing::TemporaryDirectory folder;
    GeodataImport import(db, folder.path());
    EXPECT_FALSE(co_await import.Run());

    const std::string before = co_await QueryText(db, kObjects);
    WriteFiles(folder, "2023-03-05", "Zürich");
    EXPECT_TRUE(co_await import.Run());
    EXPECT_FALSE(co_await import.Run());
    EXPECT_EQ(co_await QueryText(db, kObjects), before);
    EXPECT_EQ(co_await QueryText(db, "SELECT value::text FROM system_metadata WHERE key = 'reverse-geocoding-state'"),
              R"({"lastUpdate": "2023-03-05", "lastImportFileName": "cities500.txt"})");

    ReverseGeocoder geocoder(db);
    co_await geocoder.WaitForPlaces();
    const auto zurich = co_await geocoder.Find(47.4, 8.5);
    EXPECT_TRUE(zurich.has_value());
    EXPECT_EQ(zurich->city, "Zürich");
    EXPECT_EQ(zurich->state, "Zurich");
    EXPECT_EQ(zurich->country, "Switzerland");
    const auto italy = co_await geocoder.Find(42, 12);
    EXPECT_TRUE(italy.has_value());
    EXPECT_EQ(italy->country, "Italy");
    EXPECT_FALSE(italy->city.has_value());
    EXPECT_FALSE((co_await geocoder.Find(-40, -120)).has_value());

    WriteFiles(folder, "2024-01-01", "Turicum");
    EXPECT_TRUE(co_await import.Run());
    EXPECT_EQ(co_await QueryText(db, "SELECT name FROM geodata_places"), "Turicum");
    EXPECT_EQ(co_await QueryText(db, kObjects), before);
    EXPECT_EQ(co_await QueryNumber(db, "SELECT count(*) FROM naturalearth_countries"), 1);
  });
}

TEST(GeodataImportTest, ABrokenFileLeavesWhatWasThere) {
  const immich::testing::MigratedDatabase database;
  immich::testing::WithPool(database, [](pg::Pool& db) -> Task<void> {
    const immich::testing::TemporaryDirectory folder;
    GeodataImport import(db, folder.path());
    WriteFiles(folder, "2023-03-05", "Zürich");
    co_await import.Run();
    WriteFiles(folder, "2024-01-01", "Turicum");
    std::ofstream(folder / "countries-10m.json") << "{";
    bool failed = false;
    try {
      co_await import.Run();
    } catch (const InternalError&) {
      failed = true;
    }
    EXPECT_TRUE(failed);
    EXPECT_EQ(co_await QueryText(db, "SELECT name FROM geodata_places"), "Zürich");
    WriteFiles(folder, "2024-01-01", "Turicum");
    EXPECT_TRUE(co_await import.Run());
  });
}

}  // namespace
}  // namespace immich::geodata
