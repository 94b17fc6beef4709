#pragma once

#include <exception>
#include <string>
#include <string_view>

struct pg_result;

namespace immich::pg {

/// The QueryError (or StalePlan) that an error result stands for; Unavailable when the server lacks disk (507), memory
/// or connections (503).
std::exception_ptr MakeQueryError(const pg_result* result, std::string_view statement_name);

/// A message of libpq without its line ends.
std::string OneLine(std::string_view message);

}  // namespace immich::pg
