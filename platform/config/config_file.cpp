#include "platform/config/config_file.hpp"

#include <yaml-cpp/yaml.h>

#include <boost/json/error.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/system/error_code.hpp>
#include <charconv>
#include <cmath>
#include <optional>

#include "platform/error/error.hpp"
#include "platform/fs/fd.hpp"
#include "platform/fs/file_error.hpp"

namespace immich::config {
namespace {

namespace json = boost::json;

/// The value when all of `text` is one.
template <class Number, class... Base>
std::optional<Number> Whole(std::string_view text, Base... base) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base...);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

json::value FromPlainScalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const std::string_view unsigned_text = std::string_view(text).substr(text[0] == '+' ? 1 : 0);
  if (const auto integer = Whole<std::int64_t>(unsigned_text, 10)) return *integer;
  if (text.starts_with("0x")) {
    if (const auto integer = Whole<std::int64_t>(std::string_view(text).substr(2), 16)) return *integer;
  }
  if (text.starts_with("0o")) {
    if (const auto integer = Whole<std::int64_t>(std::string_view(text).substr(2), 8)) return *integer;
  }
  const bool looks_numeric = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
  const auto number = looks_numeric ? Whole<double>(unsigned_text) : std::nullopt;
  if (number && std::isfinite(*number)) return *number;
  return json::value(text);
}

json::value FromYaml(const YAML::Node& node);

void Merge(json::object& into, const YAML::Node& node) {
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) Merge(into, item);
  } else if (node.IsMap()) {
    const json::value merged = FromYaml(node);
    for (const auto& member : merged.get_object()) into.insert(member);
  }
}

json::value FromYaml(const YAML::Node& node) {
  if (node.IsSequence()) {
    json::array array;
    for (const YAML::Node& item : node) array.push_back(FromYaml(item));
    return array;
  }
  if (node.IsMap()) {
    json::object object;
    for (const auto& member : node) {
      if (member.first.Scalar() != "<<") object.insert_or_assign(member.first.Scalar(), FromYaml(member.second));
    }
    // Members of its own win over merged ones.
    if (const YAML::Node merged = node["<<"]) Merge(object, merged);
    return object;
  }
  if (!node.IsScalar()) return nullptr;
  // Quoted and block scalars carry the tag `!`.
  return node.Tag() == "?" ? FromPlainScalar(node.Scalar()) : json::value(node.Scalar());
}

[[noreturn]] void Refuse(const std::string& path, const std::string& why) {
  throw InternalError("cannot read the configuration file " + path + ": " + why);
}

json::value ParseJson(std::string_view text, const std::string& path) {
  json::parse_options options;
  options.allow_comments = true;
  options.allow_trailing_commas = true;
  json::stream_parser parser({}, options);
  boost::system::error_code code;
  const std::size_t used = parser.write_some(text.data(), text.size(), code);
  if (!code && used < text.size()) code = json::error::extra_data;
  if (!code) parser.finish(code);
  if (code) Refuse(path, code.message() + " near byte " + std::to_string(used));
  return parser.release();
}

}  // namespace

json::value ParseYaml(std::string_view text, const std::string& path) {
  try {
    return FromYaml(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    Refuse(path, "line " + std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

json::value ReadConfigFile(const std::string& path) {
  std::string text;
  try {
    text = fs::ReadWholeFile(path);
  } catch (const InternalError& error) {
    Refuse(path, error.detail());
  } catch (const Error& error) {
    Refuse(path, error.what());
  }
  return path.ends_with(".json") ? ParseJson(text, path) : ParseYaml(text, path);
}

}  // namespace immich::config
