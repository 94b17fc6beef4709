#pragma once

#include <string>
#include <string_view>

namespace boost::json {
class value;  // NOLINT(readability-identifier-naming)
}

namespace immich::json {

/// Lays `patch` over `target`: objects member by member, everything else (null and arrays too) replaces.
void Merge(boost::json::value& target, const boost::json::value& patch);

/// Removes from `value` what equals `base`, so that merging the rest over `base` gives `value` again (members that only
/// `base` has cannot be expressed and come back). Arrays and scalars count as a whole; an object left empty goes too.
void KeepDifferences(boost::json::value& value, const boost::json::value& base);

/// The same on texts. Throw BadRequest for malformed text.
std::string MergeText(std::string_view base, std::string_view patch);
std::string DifferenceText(std::string_view base, std::string_view value);

}  // namespace immich::json
