#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/json/json_raw.hpp"
#include "platform/time/time_point.hpp"
#include "platform/uuid/uuid.hpp"

// Appends JSON to a string. Objects and arrays are written with a comma after every member; EndObject and EndArray turn
// the last one into the closing bracket, so writing a member needs no state.
namespace immich::json {

/// Quoted; escapes what JSON.stringify escapes. `text` is expected to be UTF-8.
void AppendString(std::string& out, std::string_view text);
void AppendInt(std::string& out, std::int64_t value);
/// As JavaScript's Number to string (shortest that reads back the same); NaN and infinities become null.
void AppendDouble(std::string& out, double value);
/// Quoted, lower case.
void AppendUuid(std::string& out, const Uuid& id);
/// Quoted, as Date.toISOString.
void AppendTime(std::string& out, TimePoint time);

inline void AppendBool(std::string& out, bool value) {
  out.append(value ? "true" : "false", value ? 4 : 5);
}
inline void AppendNull(std::string& out) {
  out.append("null", 4);
}
inline void AppendRaw(std::string& out, const RawJson& raw) {
  raw.text.empty() ? AppendNull(out) : void(out.append(raw.text));
}

inline void EndWith(std::string& out, char bracket) {
  if (out.back() == ',') {
    out.back() = bracket;
  } else {
    out.push_back(bracket);
  }
}
inline void EndObject(std::string& out) {
  EndWith(out, '}');
}
inline void EndArray(std::string& out) {
  EndWith(out, ']');
}

}  // namespace immich::json
