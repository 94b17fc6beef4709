// ReadValue of everything that is neither object nor array.
#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "api/codec/contract_reader.hpp"
#include "api/codec/contract_writer.hpp"
#include "api/codec/reader_state.hpp"
#include "api/codec/scalar_match.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::api {

namespace {

constexpr double kSafeInteger = 9007199254740991;

void FailFormat(Reader& in, Scalar scalar) {
  const ScalarInfo info = InfoOf(scalar);
  // A URL is checked by parsing, so its issue names neither origin nor pattern.
  std::string head = scalar == Scalar::kUrl ? R"("code":"invalid_format","format":)"
                                            : R"("origin":"string","code":"invalid_format","format":)";
  json::AppendString(head, info.format);
  if (!info.pattern.empty()) {
    head.append(R"(,"pattern":)");
    json::AppendString(head, info.pattern);
  }
  std::string message = info.format == "regex" ? "Invalid string: must match pattern " : "Invalid ";
  message.append(info.format == "regex" ? info.pattern : info.label);
  ReaderAccess::Of(in).Fail(std::move(head), std::move(message), false);
}

/// The text of a string node that keeps to the rule.
std::optional<std::string_view> FindText(Reader& in, Node node, const Rule& rule) {
  if (!node || !node->is_string()) {
    FailType(in, "string", node);
    return std::nullopt;
  }
  const std::string_view text = TextOf(*node);
  // PostgreSQL cannot hold it in text or jsonb, so it would end as an internal error further down.
  if (text.find('\0') != std::string_view::npos) {
    ReaderAccess::Of(in).Fail(R"("code":"custom")", "Invalid input: NUL character");
    return std::nullopt;
  }
  const std::size_t before = ReaderAccess::Of(in).issues.size();
  if (rule.scalar != Scalar::kString && !MatchesScalar(rule.scalar, text)) FailFormat(in, rule.scalar);
  CheckSize(in, rule, JavaScriptLength(text), "string", "characters");
  return ReaderAccess::Of(in).issues.size() == before ? std::optional(text) : std::nullopt;
}

void FailNotANumber(Reader& in, double value) {
  const std::string_view received = std::isnan(value) ? "NaN" : "Infinity";
  ReaderAccess::Of(in).Fail(R"("expected":"number","code":"invalid_type","received":")" + std::string(received) + '"',
                            "Invalid input: expected number, received " + std::string(received));
}

/// A finite number; texts are converted where the request has only texts.
std::optional<double> FindNumber(Reader& in, Node node) {
  double value = std::numeric_limits<double>::quiet_NaN();
  if (node && node->is_number()) {
    value = node->to_number<double>();
  } else if (ReaderAccess::Of(in).mode == ReadMode::kJson) {
    FailType(in, "number", node);
    return std::nullopt;
  } else if (node && node->is_string()) {
    value = NumberOfText(TextOf(*node));
  }
  if (std::isfinite(value)) return value;
  FailNotANumber(in, value);
  return std::nullopt;
}

void FailLimit(Reader& in, bool small, double limit, bool exclusive) {
  std::string head =
      small ? R"("origin":"number","code":"too_small","minimum":)" : R"("origin":"number","code":"too_big","maximum":)";
  json::AppendDouble(head, limit);
  head.append(exclusive ? R"(,"inclusive":false)" : R"(,"inclusive":true)");
  std::string message = small ? "Too small: expected number to be >" : "Too big: expected number to be <";
  if (!exclusive) message.push_back('=');
  json::AppendDouble(message, limit);
  ReaderAccess::Of(in).Fail(std::move(head), std::move(message), false);
}

void CheckLimits(Reader& in, const Rule& rule, double value) {
  if (value < rule.low || (rule.low_exclusive && value == rule.low)) FailLimit(in, true, rule.low, rule.low_exclusive);
  if (value > rule.high) FailLimit(in, false, rule.high, false);
}

/// False, with an issue, for fractions and for what JavaScript cannot count exactly.
bool CheckInteger(Reader& in, double value) {
  if (value != std::trunc(value)) {
    ReaderAccess::Of(in).Fail(R"("expected":"int","format":"safeint","code":"invalid_type")",
                              "Invalid input: expected int, received number");
    return false;
  }
  if (std::abs(value) <= kSafeInteger) return true;
  const bool small = value < 0;
  std::string head =
      small ? R"("code":"too_small","minimum":-9007199254740991)" : R"("code":"too_big","maximum":9007199254740991)";
  head.append(R"(,"note":"Integers must be within the safe integer range.","origin":"int","inclusive":true)");
  ReaderAccess::Of(in).Fail(
      std::move(head),
      small ? "Too small: expected int to be >=-9007199254740991" : "Too big: expected int to be <=9007199254740991",
      false);
  return false;
}

bool HoldsNul(const boost::json::value& value) {
  if (value.is_string()) return TextOf(value).find('\0') != std::string_view::npos;
  if (value.is_array()) {
    for (const auto& item : value.get_array()) {
      if (HoldsNul(item)) return true;
    }
  }
  if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      if (std::string_view(member.key().data(), member.key().size()).find('\0') != std::string_view::npos) return true;
      if (HoldsNul(member.value())) return true;
    }
  }
  return false;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  const std::size_t first = text.find_first_not_of(kSpace);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

double NumberOfText(std::string_view text) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  text = Trim(text);
  if (text.empty()) return 0;
  if (text.size() > 2 && text[0] == '0' && std::string_view("xXoObB").find(text[1]) != std::string_view::npos) {
    const int base = text[1] == 'x' || text[1] == 'X' ? 16 : text[1] == 'o' || text[1] == 'O' ? 8 : 2;
    std::uint64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), whole, base);
    return error == std::errc{} && end == text.data() + text.size() ? static_cast<double>(whole) : kNan;
  }
  if (text.front() == '+' && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  if (text == "Infinity" || text == "-Infinity") return std::numeric_limits<double>::infinity();
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return kNan;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return kNan;
  if (error != std::errc::result_out_of_range) return value;
  return text.find("e-") == std::string_view::npos ? std::numeric_limits<double>::infinity() : 0;
}

void ReadValue(Reader& in, Node node, const Rule& rule, std::string& out) {
  const auto text = FindText(in, node, rule);
  if (!text) return;
  // Compat: every route with an e-mail address: accounts are found by the lower-case form.
  out = rule.scalar == Scalar::kEmail ? LowerCase(*text) : std::string(*text);
}

void ReadValue(Reader& in, Node node, const Rule& rule, Uuid& out) {
  const auto text = FindText(in, node, rule);
  if (text) out = Uuid::Parse(*text).value_or(Uuid{});
}

void ReadValue(Reader& in, Node node, const Rule& rule, TimePoint& out) {
  const auto text = FindText(in, node, rule);
  if (text) out = ParseDatetime(*text).value_or(TimePoint{});
}

void ReadValue(Reader& in, Node node, const Rule& rule, std::int64_t& out) {
  const auto value = FindNumber(in, node);
  if (!value || !CheckInteger(in, *value)) return;
  CheckLimits(in, rule, *value);
  out = static_cast<std::int64_t>(*value);
}

void ReadValue(Reader& in, Node node, const Rule& rule, double& out) {
  const auto value = FindNumber(in, node);
  if (!value) return;
  CheckLimits(in, rule, *value);
  out = *value;
}

void ReadValue(Reader& in, Node node, const Rule&, bool& out) {
  if (ReaderAccess::Of(in).mode == ReadMode::kJson) {
    if (node && node->is_bool()) {
      out = node->get_bool();
    } else {
      FailType(in, "boolean", node);
    }
  } else if (!node || !node->is_string()) {
    FailType(in, "string", node);
  } else if (TextOf(*node) == "true" || TextOf(*node) == "false") {
    out = TextOf(*node) == "true";
  } else {
    ReaderAccess::Of(in).Fail(R"("code":"invalid_value","expected":"stringbool","values":["true","false"])",
                              R"(Invalid option: expected one of "true"|"false")");
  }
}

void ReadValue(Reader& in, Node node, const Rule&, json::RawJson& out) {
  if (!node || !node->is_object()) return FailType(in, "record", node);
  if (HoldsNul(*node)) return ReaderAccess::Of(in).Fail(R"("code":"custom")", "Invalid input: NUL character");
  out.text.clear();
  json::AppendValue(out.text, *node);
}

std::optional<std::size_t> ReadEnum(Reader& in, Node node, const EnumTable& table) {
  std::string text;
  const bool as_text = ReaderAccess::Of(in).mode != ReadMode::kJson || !table.numeric;
  if (node && node->is_string() && as_text) text = TextOf(*node);
  if (node && node->is_number() && table.numeric) json::AppendDouble(text, node->to_number<double>());
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    if (table.names[i] == text) return i;
  }
  std::string values, names;
  for (const std::string_view& name : table.names) {
    std::string quoted;
    WriteEnum(quoted, table, static_cast<std::size_t>(&name - table.names.data()));
    values.append(values.empty() ? "" : ",").append(quoted);
    names.append(names.empty() ? "" : "|").append(quoted);
  }
  const std::string lead = table.names.size() == 1 ? "Invalid input: expected " : "Invalid option: expected one of ";
  ReaderAccess::Of(in).Fail(R"("code":"invalid_value","values":[)" + values + "]", lead + names);
  return std::nullopt;
}

}  // namespace immich::api
