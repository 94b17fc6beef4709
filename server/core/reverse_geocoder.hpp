#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {

struct Place {
  std::optional<std::string> country, state, city;
};

/// Names of places from the tables geodata_places and naturalearth_countries.
class ReverseGeocoder {
 public:
  explicit ReverseGeocoder(pg::Db& db) : db_(db) {}

  /// The nearest place within 25 km, else the country around the point, else nothing.
  Task<std::optional<Place>> Find(double latitude, double longitude);
  /// Returns at once when there are places, or when nobody is importing them; while the very first import runs it waits
  /// for its end, at most five minutes. For jobs, so that the first uploads of an installation get their places too.
  Task<void> WaitForPlaces();

 private:
  pg::Db& db_;
  bool has_places_ = false;
};

}  // namespace immich
