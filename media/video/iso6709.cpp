#include "media/video/iso6709.hpp"

#include <cmath>
#include <cstdlib>
#include <string>

namespace immich::media {
namespace {

/// Takes one signed number off the front; `degree_digits` are those of the degrees alone (2 or 3).
std::optional<double> TakeCoordinate(std::string_view& text, size_t degree_digits) {
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  const size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string number(text.substr(0, end));
  text.remove_prefix(end);
  const size_t digits = std::min(number.find('.'), number.size());
  if (digits == 0 || number.find('.', digits + 1) != std::string::npos) return std::nullopt;
  const double value = std::strtod(number.c_str(), nullptr);
  double degrees = value;
  if (digits == degree_digits + 2) {  // DDMM.mm
    degrees = std::floor(value / 100) + std::fmod(value, 100) / 60;
  } else if (digits == degree_digits + 4) {  // DDMMSS.ss
    degrees = std::floor(value / 10000) + std::fmod(std::floor(value / 100), 100) / 60 + std::fmod(value, 100) / 3600;
  } else if (digits > degree_digits) {
    return std::nullopt;
  }
  return negative ? -degrees : degrees;
}

}  // namespace

std::optional<GeoPoint> ParseIso6709(std::string_view text) {
  const auto latitude = TakeCoordinate(text, 2);
  const auto longitude = latitude ? TakeCoordinate(text, 3) : std::nullopt;
  if (!latitude || !longitude || std::abs(*latitude) > 90 || std::abs(*longitude) > 180) return std::nullopt;
  return GeoPoint{*latitude, *longitude};
}

}  // namespace immich::media
