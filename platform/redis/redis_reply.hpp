#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace immich::redis {

/// One RESP2 value.
struct Reply {
  enum class Kind { kNil, kString, kStatus, kInteger, kArray, kError };
  Kind kind = Kind::kNil;
  std::string text;
  std::int64_t integer = 0;
  std::vector<Reply> items;

  bool is_nil() const { return kind == Kind::kNil; }
  bool is_error() const { return kind == Kind::kError; }
};

using Command = std::vector<std::string>;

/// Appends `command` as Redis expects it: an array of strings.
void AppendCommand(std::string& out, const Command& command);

}  // namespace immich::redis
