#pragma once

#include <memory>
#include <string>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich::geodata {

/// Fills geodata_places and naturalearth_countries from the files of a folder, when their date is not the one imported
/// last. One process at a time does it (advisory lock 100); readers see the old rows until the new ones are complete.
class GeodataImport {
 public:
  /// `folder`: cities500.txt, geodata-date.txt, admin1/admin2 names and country shapes, in the form of the original's
  /// image or of `./dev setup`.
  GeodataImport(pg::Pool& db, std::string folder) : db_(db), folder_(std::move(folder)) {}

  /// True when something was imported. Without data it says so in the log and leaves everything as it is.
  Task<bool> Run();

 private:
  /// Date of the files; empty without data.
  Task<std::string> DataDate();
  Task<std::string> ImportedDate();
  Task<void> ImportPlaces(pg::Transaction& tx);
  Task<void> ImportCountries(pg::Transaction& tx);
  /// The first of the names that exists in the folder. Throws InternalError when there is none.
  std::string FileOf(std::initializer_list<const char*> names) const;

  pg::Pool& db_;
  std::string folder_;
};

}  // namespace immich::geodata
