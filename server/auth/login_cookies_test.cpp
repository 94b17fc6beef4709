#include "server/auth/login_cookies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace immich::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;

std::vector<std::string> Cookies(const http::Response& response) {
  std::vector<std::string> cookies;
  for (const auto& [name, value] : response.headers.items()) {
    if (name == "Set-Cookie") cookies.push_back(value);
  }
  return cookies;
}

TEST(LoginCookiesTest, AreThoseOfTheOriginal) {
  http::Request request;
  http::Response response = http::Response::Empty(201);
  SetLoginCookies(response, request, "abc", "password");
  const std::string life = "; Max-Age=34560000; Path=/; Expires=[^;]+ GMT; ";
  EXPECT_THAT(Cookies(response),
              ElementsAre(MatchesRegex("immich_access_token=abc" + life + "HttpOnly; SameSite=Lax"),
                          MatchesRegex("immich_auth_type=password" + life + "HttpOnly; SameSite=Lax"),
                          MatchesRegex("immich_is_authenticated=true" + life + "SameSite=Lax")));
}

TEST(LoginCookiesTest, AreSecureWhenTheClientSeesHttps) {
  http::Request request;
  request.secure = true;
  http::Response response = http::Response::Empty(201);
  SetLoginCookies(response, request, "abc", "password");
  EXPECT_THAT(Cookies(response), ::testing::Each(::testing::HasSubstr("; Secure")));
}

TEST(LoginCookiesTest, AreClearedWithoutAttributes) {
  http::Response response = http::Response::Empty(200);
  ClearLoginCookies(response);
  EXPECT_THAT(Cookies(response),
              ElementsAre("immich_access_token=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                          "immich_auth_type=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                          "immich_is_authenticated=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
}

}  // namespace
}  // namespace immich::auth
