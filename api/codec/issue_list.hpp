#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace immich::api {

/// A step from the root of the input: a member name or an array index.
struct PathElement {
  std::string key;
  std::size_t index = 0;
  bool is_index = false;
};

/// One way in which the input breaks the contract, laid out like an issue of zod 4.
struct Issue {
  /// JSON members in front of `path`, e.g. `"expected":"string","code":"invalid_type"`.
  std::string head;
  std::vector<PathElement> path;
  std::string message;
  /// The value has the wrong type; constraint violations of a value of the right type are not aborting.
  bool aborting = true;
};

/// Beyond this many the rest is dropped: a 10 MB body could hold a hundred thousand mistakes.
inline constexpr std::size_t kMaxIssues = 1000;

/// JSON array of issues; `skip` leading path elements are left out.
std::string IssuesJson(const std::vector<Issue>& issues, std::size_t skip = 0);

/// For rules that are not in the contract (two members that belong together, a date in the future): ends the request
/// with a validation error for one member of the body. `path` is the member's name, or empty for the whole.
[[noreturn]] void ThrowIssue(std::string_view path, std::string_view message);

}  // namespace immich::api
