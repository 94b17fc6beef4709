#include "media/geo/country_name.hpp"

#include <algorithm>
#include <array>

namespace immich::media {
namespace {

struct Country {
  std::string_view alpha2;
  std::string_view alpha3;
  int number;
  std::string_view name;
};

constexpr auto kCountries = std::to_array<Country>({
#include "media/geo/country_table.inc"
});

}  // namespace

std::optional<std::string_view> CountryName(std::string_view code) {
  const auto member = code.size() == 2 ? &Country::alpha2 : &Country::alpha3;
  const auto found = std::ranges::find(kCountries, code, member);
  if (found == kCountries.end()) return std::nullopt;
  return found->name;
}

std::optional<std::string_view> CountryCodeOfNumber(int number) {
  const auto found = std::ranges::find(kCountries, number, &Country::number);
  if (found == kCountries.end()) return std::nullopt;
  return found->alpha3;
}

}  // namespace immich::media
