#include "server/geodata/geodata_import.hpp"

#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/log/log.hpp"
#include "server/geodata/country_shapes.hpp"
#include "server/geodata/geonames_reader.hpp"
#include "slice_geodata_sql.hpp"

namespace immich::geodata {

namespace {

constexpr std::int64_t kImportLock = 100;
constexpr std::string_view kPlacesFile = "cities500.txt";
/// Rows a statement; 5,000 need about 2 MB.
constexpr std::size_t kPlacesABatch = 5000;
constexpr std::size_t kShapesABatch = 200;

// The tables are built anew and take the old one's place: filling them before they have indexes takes a tenth of the
// time, and nobody waits. The statements work on a table that only exists inside the transaction, so they are not among
// the prepared ones.
constexpr std::string_view kCreatePlaces = R"(
DROP TABLE IF EXISTS geodata_places_tmp;
CREATE TABLE geodata_places_tmp (LIKE geodata_places INCLUDING DEFAULTS)
)";

constexpr std::string_view kInsertPlaces = R"(
INSERT INTO geodata_places_tmp (id, name, longitude, latitude, "countryCode", "admin1Code", "admin2Code",
                                "modificationDate", "admin1Name", "admin2Name", "alternateNames")
SELECT p.id, left(p.name, 200), p.longitude, p.latitude, p.country, nullif(left(p.admin1, 20), ''),
       nullif(left(p.admin2, 80), ''), p.modified::date, nullif(p.admin1_name, ''), nullif(p.admin2_name, ''),
       nullif(p.alternate_names, '')
FROM unnest($1::bigint[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[])
  AS p (id, name, longitude, latitude, country, admin1, admin2, modified, admin1_name, admin2_name, alternate_names)
)";

// Indexes and key are those of the table that is replaced, under its names. Of the 10 s of CPU time an import takes the
// index on alternate names takes 4 and the one on places 3; neither more memory nor another order of rows helps.
constexpr std::string_view kSwapPlaces = R"(
DO $swap$
DECLARE
  key_name text;
  names text[] := '{}';
  item record;
BEGIN
  SELECT conname INTO key_name FROM pg_constraint WHERE conrelid = 'geodata_places'::regclass AND contype = 'p';
  FOR item IN
    SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'geodata_places'::regclass AND NOT i.indisprimary
    ORDER BY c.relname
  LOOP
    names := names || item.name::text;
    EXECUTE regexp_replace(item.definition, '^CREATE (UNIQUE )?INDEX .*? ON (\w+\.)?geodata_places ',
                           format('CREATE \1INDEX geodata_places_new_%s ON \2geodata_places_tmp ', cardinality(names)));
  END LOOP;
  ALTER TABLE geodata_places_tmp ADD CONSTRAINT geodata_places_tmp_key PRIMARY KEY (id) WITH (fillfactor = 100);
  DROP TABLE geodata_places;
  ALTER TABLE geodata_places_tmp RENAME TO geodata_places;
  EXECUTE format('ALTER TABLE geodata_places RENAME CONSTRAINT geodata_places_tmp_key TO %I',
                 coalesce(key_name, 'geodata_places_pkey'));
  FOR i IN 1 .. cardinality(names) LOOP
    EXECUTE format('ALTER INDEX geodata_places_new_%s RENAME TO %I', i, names[i]);
  END LOOP;
END $swap$
)";

std::string FirstLine(std::string text) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

}  // namespace

std::string GeodataImport::FileOf(std::initializer_list<const char*> names) const {
  for (const char* name : names) {
    const std::string path = folder_ + "/" + name;
    if (access(path.c_str(), R_OK) == 0) return path;
  }
  throw InternalError("geodata: " + folder_ + " lacks " + std::string(*names.begin()));
}

Task<std::string> GeodataImport::DataDate() {
  const std::string path = folder_ + "/geodata-date.txt";
  co_return co_await RunBlocking(
      [path] { return access(path.c_str(), R_OK) == 0 ? FirstLine(fs::ReadWholeFile(path)) : std::string(); });
}

Task<std::string> GeodataImport::ImportedDate() {
  const pg::Result state = co_await db_.Run(sql::kGeodataStateGet);
  co_return state.empty() ? std::string() : state[0].Get<std::string>(0);
}

Task<void> GeodataImport::ImportPlaces(pg::Transaction& tx) {
  const std::string cities = FileOf({kPlacesFile.data()});
  const std::string admin1 = FileOf({"admin1CodesASCII.txt", "admin1.json"});
  const std::string admin2 = FileOf({"admin2Codes.txt", "admin2.json"});
  const auto reader = co_await RunBlocking(
      [=] { return std::make_shared<GeonamesReader>(cities, ReadAdminNames(admin1), ReadAdminNames(admin2)); });
  co_await tx.RunScript(std::string(kCreatePlaces));
  for (;;) {
    const PlaceColumns places = co_await RunBlocking([reader] { return reader->Read(kPlacesABatch); });
    if (places.empty()) break;
    pg::Params params{places.id,           places.name,        places.longitude,      places.latitude,
                      places.country_code, places.admin1_code, places.admin2_code,    places.modified,
                      places.admin1_name,  places.admin2_name, places.alternate_names};
    std::string text(kInsertPlaces);
    co_await tx.RunDynamic(std::move(text), std::move(params));
  }
  co_await tx.RunScript(std::string(kSwapPlaces));
}

Task<void> GeodataImport::ImportCountries(pg::Transaction& tx) {
  const std::string path = FileOf({"ne_10m_admin_0_countries.geojson", "countries-10m.json"});
  const std::vector<CountryShape> shapes =
      co_await RunBlocking([path] { return ParseCountryShapes(fs::ReadWholeFile(path)); });
  co_await tx.Run(sql::kCountryShapesClear);
  for (std::size_t begin = 0; begin < shapes.size(); begin += kShapesABatch) {
    std::vector<std::string> names, codes, types, polygons;
    for (std::size_t i = begin; i < std::min(begin + kShapesABatch, shapes.size()); ++i) {
      names.push_back(shapes[i].name);
      codes.push_back(shapes[i].alpha3);
      types.push_back(shapes[i].type);
      polygons.push_back(shapes[i].polygon);
    }
    pg::Params params{names, codes, types, polygons};
    co_await tx.Run(sql::kCountryShapesInsert, std::move(params));
  }
}

Task<bool> GeodataImport::Run() {
  const std::string date = co_await DataDate();
  if (date.empty()) {
    log::Warn("Geodata", "{} has no geodata: places stay without names", folder_);
    co_return false;
  }
  if (co_await ImportedDate() == date) co_return false;
  const pg::Pool::AdvisoryLock lock = co_await db_.TryAdvisoryLock(kImportLock);
  // Another process is at it, or was until now.
  if (!lock || co_await ImportedDate() == date) co_return false;
  const auto start = std::chrono::steady_clock::now();
  log::Info("Geodata", "Importing places of {}", date);
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    co_await ImportPlaces(tx);
    co_await ImportCountries(tx);
    pg::Params state{date, kPlacesFile};
    co_await tx.Run(sql::kGeodataStateStore, std::move(state));
  });
  // Parsing needs some 60 MB for a moment; the process goes on for weeks without.
  co_await RunBlocking([] { malloc_trim(0); });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  log::Info("Geodata", "Places imported in {:.1f} s", took.count());
  co_return true;
}

}  // namespace immich::geodata
