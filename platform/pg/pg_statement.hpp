#pragma once

#include <string_view>

namespace immich::pg {

/// A statement compiled in from a .sql file. `name` is the prepared statement's name on every connection.
struct Statement {
  std::string_view name;
  std::string_view text;
};

}  // namespace immich::pg
