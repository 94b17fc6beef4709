#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/scalars.hpp"
#include "platform/time/time_point.hpp"

namespace immich::api {

/// Whether `text` (valid UTF-8) has the form api/scalars.yaml gives to `scalar`. The patterns there are decided in code
/// here: a new scalar with a pattern gets a case in the switch.
bool MatchesScalar(Scalar scalar, std::string_view text);

/// Parses a text that matches Scalar::kDatetime, cut to milliseconds like a JavaScript Date.
std::optional<TimePoint> ParseDatetime(std::string_view text);

/// Lower case by Unicode's default mapping.
std::string LowerCase(std::string_view text);

/// Length in UTF-16 units, as JavaScript counts.
std::size_t JavaScriptLength(std::string_view text);

}  // namespace immich::api
