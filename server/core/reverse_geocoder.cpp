#include "server/core/reverse_geocoder.hpp"

#include <chrono>
#include <utility>

#include "core_sql.hpp"
#include "platform/async/event_loop.hpp"
#include "server/core/country_names.hpp"

namespace immich {

Task<std::optional<Place>> ReverseGeocoder::Find(double latitude, double longitude) {
  pg::Params near{latitude, longitude};
  const pg::Result places = co_await db_.Run(sql::kPlaceFindNearest, std::move(near));
  Place place;
  if (!places.empty()) {
    const auto code = places[0].Get<std::string>(2);
    place.city = places[0].Get<std::string>(0);
    place.state = places[0].Find<std::string>(1);
    place.country = CountryNameByAlpha2(code);
    co_return place;
  }
  pg::Params around{latitude, longitude};
  const pg::Result countries = co_await db_.Run(sql::kCountryFindAround, std::move(around));
  if (countries.empty()) co_return std::nullopt;
  const auto name = CountryNameByAlpha3(countries[0].Get<std::string>(1));
  place.country = name ? std::string(*name) : countries[0].Get<std::string>(0);
  co_return place;
}

Task<void> ReverseGeocoder::WaitForPlaces() {
  constexpr std::chrono::milliseconds kPause{500};
  // Five minutes: the import takes ten seconds of CPU time, on a busy small machine many times that.
  constexpr int kMaxPauses = 600;
  for (int i = 0; !has_places_ && i < kMaxPauses; ++i) {
    const pg::Result state = co_await db_.Run(sql::kPlaceImportState);
    has_places_ = state[0].Get<bool>(0);
    if (has_places_ || !state[0].Get<bool>(1)) co_return;
    co_await SleepFor(kPause);
  }
}

}  // namespace immich
