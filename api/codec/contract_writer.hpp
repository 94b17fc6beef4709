#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/codec/contract_enum.hpp"
#include "api/codec/contract_types.hpp"
#include "platform/json/json_writer.hpp"

// Write(out, value) for everything a generated struct holds; the structs' own Write functions are generated.
namespace immich::api {

inline void Write(std::string& out, const std::string& text) {
  json::AppendString(out, text);
}
inline void Write(std::string& out, const Uuid& id) {
  json::AppendUuid(out, id);
}
inline void Write(std::string& out, const TimePoint& time) {
  json::AppendTime(out, time);
}
inline void Write(std::string& out, const json::RawJson& raw) {
  json::AppendRaw(out, raw);
}
inline void Write(std::string& out, std::same_as<bool> auto value) {
  json::AppendBool(out, value);
}
inline void Write(std::string& out, std::same_as<std::int64_t> auto value) {
  json::AppendInt(out, value);
}
inline void Write(std::string& out, std::same_as<double> auto value) {
  json::AppendDouble(out, value);
}
void WriteEnum(std::string& out, const EnumTable& table, std::size_t index);

template <ContractEnum E>
void Write(std::string& out, E value) {
  WriteEnum(out, TableOf(value), static_cast<std::size_t>(value));
}

template <class T>
void Write(std::string& out, const std::vector<T>& values);

template <class T>
void Write(std::string& out, const std::optional<T>& value) {
  if (value) {
    Write(out, *value);
  } else {
    json::AppendNull(out);
  }
}

template <class... Ts>
void Write(std::string& out, const std::variant<Ts...>& value) {
  std::visit([&out](const auto& held) { Write(out, held); }, value);
}

template <class T>
void Write(std::string& out, const std::vector<T>& values) {
  out.push_back('[');
  for (const auto& value : values) {
    Write(out, static_cast<const T&>(value));
    out.push_back(',');
  }
  json::EndArray(out);
}

/// `key` is the quoted name with its colon.
template <class T>
void WriteMember(std::string& out, std::string_view key, const T& value) {
  out.append(key);
  Write(out, value);
  out.push_back(',');
}

/// Null when empty.
template <class T>
void WriteNullable(std::string& out, std::string_view key, const std::optional<T>& value) {
  WriteMember(out, key, value);
}

/// Left out when empty.
template <class T>
void WriteOptional(std::string& out, std::string_view key, const std::optional<T>& value) {
  if (value) WriteMember(out, key, *value);
}

template <class T>
void WriteMaybe(std::string& out, std::string_view key, const json::Maybe<T>& value) {
  if (value.is_present()) WriteMember(out, key, value.nullable());
}

/// JSON text of any contract value.
template <class T>
std::string ToJson(const T& value) {
  std::string out;
  Write(out, value);
  return out;
}

}  // namespace immich::api
