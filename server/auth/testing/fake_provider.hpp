#pragma once

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "platform/crypto/text_encoding.hpp"
#include "platform/http/http_test_server.hpp"

namespace immich::testing {

/// An RSA key that signs tokens as a provider does.
class SigningKey {
 public:
  SigningKey() : key_(EVP_RSA_gen(2048)) {}
  ~SigningKey() { EVP_PKEY_free(key_); }
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  std::string Jwk(std::string_view id) const {
    return fmt::format(R"({{"kty":"RSA","use":"sig","kid":"{}","n":"{}","e":"{}"}})", id, Number(OSSL_PKEY_PARAM_RSA_N),
                       Number(OSSL_PKEY_PARAM_RSA_E));
  }
  /// A token signed with RS256.
  std::string Sign(std::string_view claims, std::string_view id = "main") const {
    const std::string header = fmt::format(R"({{"alg":"RS256","kid":"{}"}})", id);
    const std::string text =
        crypto::ToBase64Url(crypto::AsBytes(header)) + '.' + crypto::ToBase64Url(crypto::AsBytes(claims));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_);
    std::size_t length = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSign(context, nullptr, &length, bytes, text.size());
    std::vector<std::uint8_t> signature(length);
    EVP_DigestSign(context, signature.data(), &length, bytes, text.size());
    EVP_MD_CTX_free(context);
    signature.resize(length);
    return text + '.' + crypto::ToBase64Url(signature);
  }

 private:
  std::string Number(const char* name) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_, name, &number);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, bytes.data());
    BN_free(number);
    return crypto::ToBase64Url(bytes);
  }

  EVP_PKEY* key_;
};

/// An OpenID Connect provider on a port of its own. What it says is set before it is asked.
class FakeProvider {
 public:
  FakeProvider()
      : server_([this](http::Router& router) {
          router.On(
              http::Method::kGet, "/.well-known/openid-configuration",
              [this](http::Request&) -> Task<http::Response> { co_return http::Response::Json(200, Configuration()); });
          router.On(http::Method::kGet, "/keys", [this](http::Request&) -> Task<http::Response> {
            co_return http::Response::Json(200, fmt::format(R"({{"keys":[{}]}})", key.Jwk("main")));
          });
          router.On(http::Method::kPost, "/token", [this](http::Request& request) -> Task<http::Response> {
            last_token_request = co_await request.body->ReadAll(100'000);
            last_authorization = request.headers.Get("authorization");
            if (token_status != 200) co_return http::Response::Json(token_status, R"({"error":"invalid_grant"})");
            co_return http::Response::Json(
                200, fmt::format(R"({{"access_token":"at","token_type":"Bearer","id_token":"{}"}})", id_token));
          });
          router.On(http::Method::kGet, "/userinfo", [this](http::Request& request) -> Task<http::Response> {
            if (request.headers.Get("authorization") != "Bearer at") co_return http::Response::Empty(401);
            co_return http::Response::Json(200, userinfo);
          });
        }) {}

  std::string url() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }
  /// Claims of a token for the client `photos`, `extra` being further members.
  std::string Claims(std::string_view subject, std::string_view extra = "") const {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(Now().time_since_epoch()).count();
    return fmt::format(R"({{"iss":"{}","aud":"photos","sub":"{}","iat":{},"exp":{}{}{}}})", url(), subject, now,
                       now + 300, extra.empty() ? "" : ",", extra);
  }

  SigningKey key;
  std::string id_token;
  std::string userinfo = "{}";
  std::string last_token_request, last_authorization;
  int token_status = 200;

 private:
  std::string Configuration() const {
    return fmt::format(R"({{"issuer":"{0}","authorization_endpoint":"{0}/authorize","token_endpoint":"{0}/token",
"userinfo_endpoint":"{0}/userinfo","jwks_uri":"{0}/keys","end_session_endpoint":"{0}/logout",
"code_challenge_methods_supported":["S256"]}})",
                       url());
  }

  http::TestServer server_;
};

}  // namespace immich::testing
