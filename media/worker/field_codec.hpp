#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/time/time_point.hpp"

// JSON of structures that name their members in Fields(). Only media_protocol.cpp includes this.
namespace immich::media::codec {

/// Valid UTF-8 without U+0000, which the database cannot store: broken bytes become U+FFFD.
std::string RepairText(std::string_view text);

struct AnyField {
  template <class T>
  void operator()(const char*, T&) const {}
};

template <class T>
concept Described = requires(T& value) { T::Fields(value, AnyField{}); };

inline void Append(std::string& out, bool value) {
  json::AppendBool(out, value);
}
inline void Append(std::string& out, int value) {
  json::AppendInt(out, value);
}
inline void Append(std::string& out, std::int64_t value) {
  json::AppendInt(out, value);
}
inline void Append(std::string& out, double value) {
  json::AppendDouble(out, value);
}
inline void Append(std::string& out, const std::string& value) {
  json::AppendString(out, RepairText(value));
}
inline void Append(std::string& out, TimePoint value) {
  json::AppendInt(out, value.time_since_epoch().count());
}
inline void Append(std::string& out, const std::vector<std::uint8_t>& value) {
  json::AppendString(out, crypto::ToBase64(value));
}
template <Described T>
void Append(std::string& out, const T& value);
template <class T>
void Append(std::string& out, const std::vector<T>& values) {
  out += '[';
  for (const T& value : values) {
    Append(out, value);
    out += ',';
  }
  json::EndArray(out);
}

/// Members that are absent optionals are left out.
struct MemberWriter {
  std::string& out;
  template <class T>
  void operator()(const char* name, const std::optional<T>& value) const {
    if (value) (*this)(name, *value);
  }
  template <class T>
  void operator()(const char* name, const T& value) const {
    json::AppendString(out, name);
    out += ':';
    Append(out, value);
    out += ',';
  }
};

template <Described T>
void Append(std::string& out, const T& value) {
  out += '{';
  T::Fields(value, MemberWriter{out});
  json::EndObject(out);
}

[[noreturn]] inline void ThrowShape(std::string_view name) {
  throw BadRequest("media message: member `" + std::string(name) + "` has another type");
}

using Value = boost::json::value;

inline void Take(const char* name, const Value& from, bool& to) {
  if (!from.is_bool()) ThrowShape(name);
  to = from.get_bool();
}
inline void Take(const char* name, const Value& from, std::int64_t& to) {
  boost::json::error_code error;
  to = from.to_number<std::int64_t>(error);
  if (error) ThrowShape(name);
}
inline void Take(const char* name, const Value& from, int& to) {
  boost::json::error_code error;
  to = from.to_number<int>(error);
  if (error) ThrowShape(name);
}
inline void Take(const char* name, const Value& from, double& to) {
  boost::json::error_code error;
  to = from.to_number<double>(error);
  if (error) ThrowShape(name);
}
inline void Take(const char* name, const Value& from, std::string& to) {
  if (!from.is_string()) ThrowShape(name);
  to = std::string_view(from.get_string());
}
inline void Take(const char* name, const Value& from, TimePoint& to) {
  std::int64_t microseconds = 0;
  Take(name, from, microseconds);
  to = TimePoint(std::chrono::microseconds(microseconds));
}
inline void Take(const char* name, const Value& from, std::vector<std::uint8_t>& to) {
  if (!from.is_string()) ThrowShape(name);
  auto bytes = crypto::FromBase64(std::string_view(from.get_string()));
  if (!bytes) ThrowShape(name);
  to = std::move(*bytes);
}
template <Described T>
void Take(const char* name, const Value& from, T& to);
template <class T>
void Take(const char* name, const Value& from, std::vector<T>& to) {
  if (!from.is_array()) ThrowShape(name);
  to.clear();
  to.reserve(from.get_array().size());
  for (const Value& element : from.get_array()) Take(name, element, to.emplace_back());
}

struct MemberReader {
  const boost::json::object& from;
  template <class T>
  void operator()(const char* name, std::optional<T>& to) const {
    const Value* value = from.if_contains(name);
    if (value == nullptr || value->is_null()) {
      to.reset();
    } else {
      Take(name, *value, to.emplace());
    }
  }
  template <class T>
  void operator()(const char* name, T& to) const {
    const Value* value = from.if_contains(name);
    if (value == nullptr) ThrowShape(name);
    Take(name, *value, to);
  }
};

template <Described T>
void Take(const char* name, const Value& from, T& to) {
  if (!from.is_object()) ThrowShape(name);
  T::Fields(to, MemberReader{from.get_object()});
}

}  // namespace immich::media::codec
