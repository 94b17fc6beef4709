#pragma once

#include <optional>
#include <string_view>

namespace immich::media {

/// English name for an ISO 3166-1 code of two or three letters (upper case); nullopt for unknown codes.
std::optional<std::string_view> CountryName(std::string_view code);

/// Three-letter code for a numeric one (840 -> "USA").
std::optional<std::string_view> CountryCodeOfNumber(int number);

}  // namespace immich::media
