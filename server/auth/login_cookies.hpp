#pragma once

#include <string_view>

#include "platform/http/http_message.hpp"

namespace immich::auth {

/// How the session began: `password` or `oauth`.
inline constexpr std::string_view kAuthTypeCookie = "immich_auth_type";

/// Facts: auth, "Cookies". `auth_type` is `password` or `oauth`. Secure when the client sees https.
void SetLoginCookies(http::Response& response, const http::Request& request, std::string_view token,
                     std::string_view auth_type);
void ClearLoginCookies(http::Response& response);

}  // namespace immich::auth
