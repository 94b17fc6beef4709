#include "server/auth/json_web_token.hpp"

#include <gtest/gtest.h>

#include "server/auth/testing/fake_provider.hpp"

namespace immich::auth {
namespace {

using immich::testing::SigningKey;

JsonWebKeys KeysOf(const SigningKey& key, std::string_view id = "main") {
  return JsonWebKeys::Parse(fmt::format(R"({{"keys":[{},{{"kty":"oct","k":"x"}}]}})", key.Jwk(id)));
}

TEST(JsonWebTokenTest, KnowsItsSigner) {
  const SigningKey key, other;
  const JsonWebToken token = JsonWebToken::Parse(key.Sign(R"({"sub":"a","aud":["x","photos"],"exp":1700000000})"));
  EXPECT_EQ(token.algorithm(), "RS256");
  EXPECT_TRUE(token.IsSignedBy(KeysOf(key)));
  EXPECT_FALSE(token.IsSignedBy(KeysOf(other)));
  EXPECT_FALSE(token.IsSignedBy(KeysOf(key, "another id")));
  EXPECT_FALSE(token.IsSignedWith("secret"));
  EXPECT_EQ(token.TextClaim("sub"), "a");
  EXPECT_TRUE(token.IsFor("photos"));
  EXPECT_FALSE(token.IsFor("y"));
  EXPECT_EQ(token.TimeClaim("exp"), *ParseIso("2023-11-14T22:13:20Z"));
}

TEST(JsonWebTokenTest, NoticesEveryChange) {
  const SigningKey key;
  const std::string text = key.Sign(R"({"sub":"a"})");
  const std::size_t dot = text.find('.');
  const std::string forged = text.substr(0, dot + 1) +
                             crypto::ToBase64Url(crypto::AsBytes(std::string_view(R"({"sub":"b"})"))) +
                             text.substr(text.rfind('.'));
  EXPECT_FALSE(JsonWebToken::Parse(forged).IsSignedBy(KeysOf(key)));
  const std::string unsigned_token = crypto::ToBase64Url(crypto::AsBytes(std::string_view(R"({"alg":"none"})"))) +
                                     text.substr(dot, text.rfind('.') - dot + 1);
  EXPECT_FALSE(JsonWebToken::Parse(unsigned_token).IsSignedBy(KeysOf(key)));
  EXPECT_FALSE(JsonWebToken::Parse(unsigned_token).IsSignedWith("x"));
}

// RFC 7515, appendix A.1 and A.3: published examples with their keys.
TEST(JsonWebTokenTest, VerifiesThePublishedExamples) {
  const std::string claims =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const JsonWebToken shared = JsonWebToken::Parse("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + claims +
                                                  ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  const auto secret =
      crypto::FromBase64Url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  ASSERT_TRUE(secret.has_value());
  EXPECT_TRUE(shared.IsSignedWith(std::string_view(reinterpret_cast<const char*>(secret->data()), secret->size())));
  EXPECT_FALSE(shared.IsSignedWith("other"));
  const JsonWebToken curve =
      JsonWebToken::Parse("eyJhbGciOiJFUzI1NiJ9." + claims +
                          ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  const JsonWebKeys keys = JsonWebKeys::Parse(
      R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})");
  ASSERT_EQ(keys.keys().size(), 1u);
  EXPECT_TRUE(curve.IsSignedBy(keys));
  EXPECT_EQ(curve.TextClaim("iss"), "joe");
}

TEST(JsonWebTokenTest, RefusesWhatIsNone) {
  for (const char* text : {"", "a", "a.b", "a.b.c", "e30.e30", "e30.W10.", "..", "e30.e30.*"}) {
    EXPECT_THROW(JsonWebToken::Parse(text), BadRequest) << text;
  }
  EXPECT_THROW(JsonWebKeys::Parse("[]"), BadRequest);
}

}  // namespace
}  // namespace immich::auth
