#include "server/security_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>

#include "platform/error/error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

HeaderList Of(std::string_view text) {
  return SecurityHeaders(boost::json::parse(text));
}

TEST(SecurityHeadersTest, DefaultsAreThoseOfHelmet) {
  const HeaderList headers = Of("{}");
  EXPECT_THAT(headers, Contains(Pair("Content-Security-Policy",
                                     "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action "
                                     "'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src "
                                     "'self';script-src-attr 'none';style-src 'self' https: "
                                     "'unsafe-inline';upgrade-insecure-requests")));
  EXPECT_THAT(headers, Contains(Pair("Strict-Transport-Security", "max-age=31536000; includeSubDomains")));
  EXPECT_THAT(headers, Contains(Pair("X-Frame-Options", "SAMEORIGIN")));
  EXPECT_THAT(headers, Contains(Pair("Referrer-Policy", "no-referrer")));
  EXPECT_THAT(headers, Not(Contains(Key("Cross-Origin-Embedder-Policy"))));
}

TEST(SecurityHeadersTest, MembersChangeOrRemoveHeaders) {
  const HeaderList headers = Of(R"({
    "contentSecurityPolicy": {"directives": {"scriptSrc": ["'self'", "https://example.org"], "img-src": null},
                              "reportOnly": true},
    "crossOriginEmbedderPolicy": true, "originAgentCluster": false,
    "hsts": {"maxAge": 60, "includeSubDomains": false, "preload": true},
    "xFrameOptions": {"action": "deny"}, "referrerPolicy": {"policy": ["origin", "no-referrer"]},
    "dnsPrefetchControl": {"allow": true}, "hidePoweredBy": true})");
  EXPECT_THAT(headers,
              Contains(Pair("Content-Security-Policy-Report-Only",
                            AllOf(HasSubstr("script-src 'self' https://example.org"), Not(HasSubstr("img-src"))))));
  EXPECT_THAT(headers, Contains(Pair("Cross-Origin-Embedder-Policy", "require-corp")));
  EXPECT_THAT(headers, Not(Contains(Key("Origin-Agent-Cluster"))));
  EXPECT_THAT(headers, Contains(Pair("Strict-Transport-Security", "max-age=60; preload")));
  EXPECT_THAT(headers, Contains(Pair("X-Frame-Options", "DENY")));
  EXPECT_THAT(headers, Contains(Pair("Referrer-Policy", "origin,no-referrer")));
  EXPECT_THAT(headers, Contains(Pair("X-DNS-Prefetch-Control", "on")));
}

TEST(SecurityHeadersTest, MistakesStopTheStart) {
  EXPECT_THROW(Of(R"({"contentSecurityPolice": false})"), InternalError);
  EXPECT_THROW(Of(R"({"xFrameOptions": {"action": "maybe"}})"), InternalError);
  EXPECT_THROW(Of(R"({"xFrameOptions": "deny"})"), InternalError);
  EXPECT_THROW(Of("[]"), InternalError);
  EXPECT_THROW(Of(R"({"referrerPolicy": {"policy": "a\r\nSet-Cookie: b"}})"), InternalError);
}

TEST(SecurityHeadersTest, ReadsWhatTheEnvironmentNames) {
  EXPECT_THAT(ReadSecurityHeaders(""), IsEmpty());
  EXPECT_THAT(ReadSecurityHeaders("true"), Contains(Pair("X-Frame-Options", "SAMEORIGIN")));
  const testing::TemporaryDirectory folder;
  std::ofstream(folder / "helmet.json") << R"({"xFrameOptions": {"action": "deny"}})";
  EXPECT_THAT(ReadSecurityHeaders(folder / "helmet.json"), Contains(Pair("X-Frame-Options", "DENY")));
  EXPECT_THROW(ReadSecurityHeaders(folder / "missing.json"), InternalError);
}

}  // namespace
}  // namespace immich
