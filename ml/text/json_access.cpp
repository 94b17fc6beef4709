#include "ml/text/json_access.hpp"

#include <boost/json/value.hpp>

#include "ml/text/tokenizer_error.hpp"

namespace immich::ml {
namespace {

[[noreturn]] void Wrong(std::string_view name, const char* expected) {
  throw TokenizerError("\"" + std::string(name) + "\" is not " + expected);
}

}  // namespace

const boost::json::value& MemberOf(const boost::json::value& value, std::string_view name) {
  static const boost::json::value kNull;
  const auto* object = value.if_object();
  if (object == nullptr) return kNull;
  const auto* member = object->if_contains(name);
  return member == nullptr ? kNull : *member;
}

std::string TextMember(const boost::json::value& value, std::string_view name) {
  const auto* text = MemberOf(value, name).if_string();
  if (text == nullptr) Wrong(name, "a text");
  return std::string(*text);
}

std::optional<std::string> OptionalText(const boost::json::value& value, std::string_view name) {
  const auto* text = MemberOf(value, name).if_string();
  return text == nullptr ? std::nullopt : std::optional<std::string>(std::string(*text));
}

std::optional<bool> OptionalBool(const boost::json::value& value, std::string_view name) {
  const auto& member = MemberOf(value, name);
  if (member.is_null()) return std::nullopt;
  if (!member.is_bool()) Wrong(name, "true or false");
  return member.get_bool();
}

bool BoolMember(const boost::json::value& value, std::string_view name, bool fallback) {
  return OptionalBool(value, name).value_or(fallback);
}

std::int64_t IntMember(const boost::json::value& value, std::string_view name, std::int64_t fallback) {
  const auto& member = MemberOf(value, name);
  if (member.is_null()) return fallback;
  if (!member.is_int64()) Wrong(name, "a whole number");
  return member.get_int64();
}

const boost::json::array& ArrayMember(const boost::json::value& value, std::string_view name) {
  const auto* list = MemberOf(value, name).if_array();
  if (list == nullptr) Wrong(name, "a list");
  return *list;
}

TextPattern PatternMember(const boost::json::value& value, std::string_view name) {
  const auto& member = MemberOf(value, name);
  if (const auto regex = OptionalText(member, "Regex")) return TextPattern::Regex(*regex);
  if (const auto literal = OptionalText(member, "String")) return TextPattern::Literal(*literal);
  if (member.is_string()) return TextPattern::Literal(TextMember(value, name));
  Wrong(name, "a pattern");
}

}  // namespace immich::ml
