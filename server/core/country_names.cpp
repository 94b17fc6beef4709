#include "server/core/country_names.hpp"

#include <algorithm>

namespace immich {

namespace {

struct Country {
  std::string_view alpha2, alpha3;
  int number;
  std::string_view name;
};

constexpr Country kCountries[] = {
#include "server/core/country_names.inc"
};

template <class Key>
const Country* Find(Key Country::* member, Key key) {
  const auto* found = std::ranges::find(kCountries, key, member);
  return found == std::end(kCountries) ? nullptr : found;
}

}  // namespace

std::optional<std::string_view> CountryNameByAlpha2(std::string_view code) {
  const Country* country = Find(&Country::alpha2, code);
  return country != nullptr ? std::optional(country->name) : std::nullopt;
}

std::optional<std::string_view> CountryNameByAlpha3(std::string_view code) {
  const Country* country = Find(&Country::alpha3, code);
  return country != nullptr ? std::optional(country->name) : std::nullopt;
}

std::optional<std::string_view> CountryAlpha3ByNumber(int number) {
  const Country* country = Find(&Country::number, number);
  return country != nullptr ? std::optional(country->alpha3) : std::nullopt;
}

}  // namespace immich
