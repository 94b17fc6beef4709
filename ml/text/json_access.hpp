#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ml/text/text_pattern.hpp"

// Members of the descriptions in tokenizer.json, with clear errors instead of undefined members. Throw TokenizerError.
namespace immich::ml {

/// Null JSON when absent or when `value` is no object.
const boost::json::value& MemberOf(const boost::json::value& value, std::string_view name);
std::string TextMember(const boost::json::value& value, std::string_view name);
std::optional<std::string> OptionalText(const boost::json::value& value, std::string_view name);
bool BoolMember(const boost::json::value& value, std::string_view name, bool fallback);
/// Absent and null give nullopt.
std::optional<bool> OptionalBool(const boost::json::value& value, std::string_view name);
std::int64_t IntMember(const boost::json::value& value, std::string_view name, std::int64_t fallback);
const boost::json::array& ArrayMember(const boost::json::value& value, std::string_view name);
/// `{"String": "x"}` or `{"Regex": "x"}`.
TextPattern PatternMember(const boost::json::value& value, std::string_view name);

}  // namespace immich::ml
