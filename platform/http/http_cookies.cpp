#include <algorithm>

#include "platform/http/http_message.hpp"
#include "platform/http/url_encoding.hpp"

namespace immich::http {
namespace {

std::string DecodeCookieValue(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  if (value.find('%') == std::string_view::npos) return std::string(value);
  return DecodeUriComponent(value).value_or(std::string(value));
}

}  // namespace

std::string FormatSetCookie(const Cookie& cookie, TimePoint now) {
  std::string out = cookie.name + "=" + EncodeUriComponent(cookie.value);
  // Compat: POST /auth/logout: a cleared cookie repeats neither Max-Age nor the flags it was set with.
  if (cookie.max_age_s == 0) return out + "; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
  if (cookie.max_age_s) out += "; Max-Age=" + std::to_string(*cookie.max_age_s);
  out += "; Path=/";
  if (cookie.max_age_s) out += "; Expires=" + ToHttpDate(now + std::chrono::seconds(*cookie.max_age_s));
  if (cookie.http_only) out += "; HttpOnly";
  if (cookie.secure) out += "; Secure";
  return out + "; SameSite=Lax";
}

std::vector<std::pair<std::string, std::string>> ParseCookies(std::string_view header) {
  std::vector<std::pair<std::string, std::string>> cookies;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = TrimBlanks(pair.substr(0, equals));
    const bool known =
        std::any_of(cookies.begin(), cookies.end(), [&](const auto& item) { return item.first == name; });
    if (known) continue;
    cookies.emplace_back(std::string(name), DecodeCookieValue(TrimBlanks(pair.substr(equals + 1))));
  }
  return cookies;
}

}  // namespace immich::http
