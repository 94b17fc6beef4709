#include "server/security_headers.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cctype>
#include <functional>
#include <optional>
#include <string_view>

#include "platform/config/config_file.hpp"
#include "platform/error/error.hpp"

namespace immich {

namespace {

namespace json = boost::json;
using Directives = std::vector<std::pair<std::string, std::string>>;

// The pages of the web app bring their own policy of contents; a server at home may not have https.
constexpr std::string_view kOwnHelmet = R"json({
  "contentSecurityPolicy": false,
  "referrerPolicy": {"policy": "same-origin"},
  "strictTransportSecurity": false
})json";

[[noreturn]] void Refuse(std::string_view member, std::string_view problem) {
  throw InternalError(fmt::format("{}: {}", member, problem));
}

/// `scriptSrc` → `script-src`
std::string DirectiveName(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte)) out += '-';
    out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

/// A text, or a list of texts with blanks between.
std::string SourceList(std::string_view directive, const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_array()) Refuse(directive, "must be a text or a list of texts");
  std::string out;
  for (const json::value& item : value.get_array()) {
    if (!item.is_string()) Refuse(directive, "must be a text or a list of texts");
    if (!out.empty()) out += ' ';
    out += std::string_view(item.get_string());
  }
  return out;
}

void SetDirective(Directives& directives, const std::string& name, std::optional<std::string> sources) {
  std::erase_if(directives, [&](const auto& entry) { return entry.first == name; });
  if (sources) directives.emplace_back(name, std::move(*sources));
}

Directives DefaultDirectives() {
  return {{"default-src", "'self'"},
          {"base-uri", "'self'"},
          {"font-src", "'self' https: data:"},
          {"form-action", "'self'"},
          {"frame-ancestors", "'self'"},
          {"img-src", "'self' data:"},
          {"object-src", "'none'"},
          {"script-src", "'self'"},
          {"script-src-attr", "'none'"},
          {"style-src", "'self' https: 'unsafe-inline'"},
          {"upgrade-insecure-requests", ""}};
}

bool Flag(const json::object& options, std::string_view name, bool fallback) {
  const json::value* found = options.if_contains(name);
  if (found == nullptr) return fallback;
  if (!found->is_bool()) Refuse(name, "must be true or false");
  return found->get_bool();
}

std::string TextOr(const json::object& options, std::string_view name, std::string_view fallback) {
  const json::value* found = options.if_contains(name);
  if (found == nullptr) return std::string(fallback);
  if (!found->is_string()) Refuse(name, "must be a text");
  return std::string(found->get_string());
}

std::pair<std::string, std::string> ContentSecurityPolicy(const json::object& options) {
  Directives directives = Flag(options, "useDefaults", true) ? DefaultDirectives() : Directives{};
  if (const json::value* given = options.if_contains("directives")) {
    if (!given->is_object()) Refuse("directives", "must be an object");
    for (const auto& [key, value] : given->get_object()) {
      const std::string name = DirectiveName(key);
      const bool is_left_out = value.is_null() || (value.is_bool() && !value.get_bool());
      SetDirective(directives, name, is_left_out ? std::nullopt : std::optional(SourceList(name, value)));
    }
  }
  std::string text;
  for (const auto& [name, sources] : directives) {
    if (!text.empty()) text += ';';
    text += name;
    if (!sources.empty()) text.append(" ").append(sources);
  }
  const bool only_reports = Flag(options, "reportOnly", false);
  return {only_reports ? "Content-Security-Policy-Report-Only" : "Content-Security-Policy", std::move(text)};
}

std::string StrictTransportSecurity(const json::object& options) {
  constexpr std::int64_t kYear_s = 365LL * 24 * 3600;
  std::int64_t max_age_s = kYear_s;
  if (const json::value* given = options.if_contains("maxAge")) {
    if (!given->is_int64() || given->get_int64() < 0) Refuse("maxAge", "must be a number of seconds");
    max_age_s = given->get_int64();
  }
  return fmt::format("max-age={}{}{}", max_age_s, Flag(options, "includeSubDomains", true) ? "; includeSubDomains" : "",
                     Flag(options, "preload", false) ? "; preload" : "");
}

std::string ReferrerPolicy(const json::object& options) {
  const json::value* given = options.if_contains("policy");
  if (given == nullptr) return "no-referrer";
  std::string list = SourceList("policy", *given);
  std::string out;
  for (const char c : list) out += c == ' ' ? std::string(",") : std::string(1, c);
  return out;
}

std::string FrameOptions(const json::object& options) {
  std::string action = TextOr(options, "action", "SAMEORIGIN");
  for (char& c : action) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (action != "SAMEORIGIN" && action != "DENY") Refuse("xFrameOptions", "action must be deny or sameorigin");
  return action;
}

struct HeaderRule {
  std::string_view member, old_member, header;
  /// helmet leaves it out unless asked.
  bool is_optional;
  std::string (*value)(const json::object& options);
};

constexpr HeaderRule kRules[] = {
    {"crossOriginEmbedderPolicy", "", "Cross-Origin-Embedder-Policy", true,
     [](const json::object& options) { return TextOr(options, "policy", "require-corp"); }},
    {"crossOriginOpenerPolicy", "", "Cross-Origin-Opener-Policy", false,
     [](const json::object& options) { return TextOr(options, "policy", "same-origin"); }},
    {"crossOriginResourcePolicy", "", "Cross-Origin-Resource-Policy", false,
     [](const json::object& options) { return TextOr(options, "policy", "same-origin"); }},
    {"originAgentCluster", "", "Origin-Agent-Cluster", false, [](const json::object&) { return std::string("?1"); }},
    {"referrerPolicy", "", "Referrer-Policy", false, ReferrerPolicy},
    {"strictTransportSecurity", "hsts", "Strict-Transport-Security", false, StrictTransportSecurity},
    {"xContentTypeOptions", "noSniff", "X-Content-Type-Options", false,
     [](const json::object&) { return std::string("nosniff"); }},
    {"xDnsPrefetchControl", "dnsPrefetchControl", "X-DNS-Prefetch-Control", false,
     [](const json::object& options) { return std::string(Flag(options, "allow", false) ? "on" : "off"); }},
    {"xDownloadOptions", "ieNoOpen", "X-Download-Options", false,
     [](const json::object&) { return std::string("noopen"); }},
    {"xFrameOptions", "frameguard", "X-Frame-Options", false, FrameOptions},
    {"xPermittedCrossDomainPolicies", "permittedCrossDomainPolicies", "X-Permitted-Cross-Domain-Policies", false,
     [](const json::object& options) { return TextOr(options, "permittedPolicies", "none"); }},
    {"xXssProtection", "xssFilter", "X-XSS-Protection", false, [](const json::object&) { return std::string("0"); }},
};

const json::object& NoOptions() {
  static const json::object kNone;
  return kNone;
}

/// The options of a member, none for its default; nullptr when its header is left out.
const json::object* OptionsOf(const json::object& helmet, std::string_view member, std::string_view old_member,
                              bool is_optional) {
  const json::value* found = helmet.if_contains(member);
  if (found == nullptr && !old_member.empty()) found = helmet.if_contains(old_member);
  if (found == nullptr) return is_optional ? nullptr : &NoOptions();
  if (found->is_bool()) return found->get_bool() ? &NoOptions() : nullptr;
  if (!found->is_object()) Refuse(member, "must be true, false or an object");
  return &found->get_object();
}

void CheckMembers(const json::object& helmet) {
  for (const auto& [key, value] : helmet) {
    const std::string_view name = key;
    bool is_known = name == "contentSecurityPolicy" || name == "xPoweredBy" || name == "hidePoweredBy";
    for (const HeaderRule& rule : kRules) is_known |= name == rule.member || name == rule.old_member;
    if (!is_known) Refuse(name, "is no header helmet knows");
  }
}

}  // namespace

HeaderList SecurityHeaders(const json::value& helmet) {
  if (!helmet.is_object()) throw InternalError("must be an object");
  const json::object& members = helmet.get_object();
  CheckMembers(members);
  HeaderList headers;
  if (const auto* options = OptionsOf(members, "contentSecurityPolicy", "", false)) {
    headers.push_back(ContentSecurityPolicy(*options));
  }
  for (const HeaderRule& rule : kRules) {
    const auto* options = OptionsOf(members, rule.member, rule.old_member, rule.is_optional);
    if (options != nullptr) headers.emplace_back(rule.header, rule.value(*options));
  }
  for (const auto& [name, value] : headers) {
    if (value.find_first_of("\r\n") != std::string::npos) Refuse(name, "must be one line");
  }
  return headers;
}

HeaderList ReadSecurityHeaders(const std::string& helmet_file) {
  if (helmet_file.empty()) return {};
  if (helmet_file == "true") return SecurityHeaders(json::parse(kOwnHelmet));
  const json::value given = config::ReadConfigFile(helmet_file);
  try {
    return SecurityHeaders(given);
  } catch (const InternalError& error) {
    throw InternalError(fmt::format("IMMICH_HELMET_FILE {}: {}", helmet_file, error.detail()));
  }
}

}  // namespace immich
