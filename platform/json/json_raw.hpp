#pragma once

#include <string>

namespace immich::json {

/// Valid JSON text of a free-form object, kept as text. Empty stands for null when written.
struct RawJson {
  std::string text;
  bool operator==(const RawJson&) const = default;
};

}  // namespace immich::json
