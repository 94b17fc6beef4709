#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "platform/json/json_maybe.hpp"
#include "platform/json/json_raw.hpp"
#include "platform/time/time_point.hpp"
#include "platform/uuid/uuid.hpp"

// What generated structs are made of.
namespace boost::json {
class value;  // NOLINT(readability-identifier-naming)
}
namespace immich::http {
struct Request;
}

namespace immich::api {

class Reader;
/// A place in a JSON document; null where there is nothing (JavaScript's undefined).
using Node = const boost::json::value*;
/// Text fields of a multipart form in the order they came.
using FormFields = std::vector<std::pair<std::string, std::string>>;

}  // namespace immich::api
