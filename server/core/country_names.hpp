#pragma once

#include <optional>
#include <string_view>

namespace immich {

/// English name of a country by its ISO 3166-1 alpha-2 code (`CH`: Switzerland), as the original writes it into
/// asset_exif.country; nullopt for unknown codes.
std::optional<std::string_view> CountryNameByAlpha2(std::string_view code);
/// The same by alpha-3 (`CHE`).
std::optional<std::string_view> CountryNameByAlpha3(std::string_view code);
/// alpha-3 code by ISO number (756: `CHE`).
std::optional<std::string_view> CountryAlpha3ByNumber(int number);

}  // namespace immich
