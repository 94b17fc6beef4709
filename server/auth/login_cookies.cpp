#include "server/auth/login_cookies.hpp"

#include <cstdint>
#include <string>

namespace immich::auth {

namespace {

constexpr std::int64_t kLifeSeconds = 400LL * 24 * 3600;
constexpr std::string_view kAccessToken = "immich_access_token";
// Read by the web app's scripts, so it is the one that is not HttpOnly.
constexpr std::string_view kIsAuthenticated = "immich_is_authenticated";

void Add(http::Response& response, const http::Cookie& cookie) {
  response.headers.Add("Set-Cookie", http::FormatSetCookie(cookie, Now()));
}

}  // namespace

void SetLoginCookies(http::Response& response, const http::Request& request, std::string_view token,
                     std::string_view auth_type) {
  http::Cookie cookie;
  cookie.secure = request.secure;
  cookie.max_age_s = kLifeSeconds;
  cookie.name = kAccessToken;
  cookie.value = token;
  Add(response, cookie);
  cookie.name = kAuthTypeCookie;
  cookie.value = auth_type;
  Add(response, cookie);
  cookie.name = kIsAuthenticated;
  cookie.value = "true";
  cookie.http_only = false;
  Add(response, cookie);
}

void ClearLoginCookies(http::Response& response) {
  for (const std::string_view name : {kAccessToken, kAuthTypeCookie, kIsAuthenticated}) {
    http::Cookie cookie;
    cookie.name = name;
    cookie.max_age_s = 0;
    Add(response, cookie);
  }
}

}  // namespace immich::auth
