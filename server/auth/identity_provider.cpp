#include "server/auth/identity_provider.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>

#include "platform/crypto/text_encoding.hpp"
#include "platform/http/http_client.hpp"

namespace immich::auth {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kDiscoveryPath = "/.well-known/openid-configuration";
constexpr const char* kLogoutEvent = "http://schemas.openid.net/event/backchannel-logout";
// Facts: auth, "OAuth / OIDC".
constexpr seconds kClockSkew{5};
constexpr minutes kLogoutMaxAge{2};
// A clock that is wrong by more than this makes sign-in fail.
constexpr seconds kExpirySkew{30};
constexpr std::size_t kAnswerLimitBytes = 1024 * 1024;

std::string TextOf(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::Document ParseObject(std::string_view what, const std::string& body) {
  try {
    json::Document document = json::Document::Parse(body);
    if (document.root().is_object()) return document;
  } catch (const BadRequest&) {
    // Said below.
  }
  throw ProviderError(fmt::format("the identity provider's {} is not a JSON object", what));
}

std::string FormPair(std::string_view name, std::string_view value) {
  return fmt::format("&{}={}", name, crypto::PercentEncode(value));
}

}  // namespace

Task<std::string> IdentityProvider::Get(std::string url, std::string bearer_token) const {
  if (!url.starts_with("https://") && !config_.allow_insecure_requests) {
    throw ProviderError(fmt::format("{} is not https and insecure requests are not allowed", url));
  }
  http::ClientRequest request;
  request.url = std::move(url);
  request.timeout = std::chrono::milliseconds(config_.timeout);
  request.response_limit_bytes = kAnswerLimitBytes;
  request.headers.Add("Accept", "application/json");
  if (!bearer_token.empty()) request.headers.Add("Authorization", "Bearer " + bearer_token);
  std::string shown = request.url;
  const http::ClientResponse response = co_await http::Fetch(std::move(request));
  if (response.status != 200) throw ProviderError(fmt::format("{} answers {}", shown, response.status));
  co_return response.body;
}

Task<ProviderMetadata> IdentityProvider::Discover() const {
  std::string url = config_.issuer_url;
  if (url.find("/.well-known/") == std::string::npos) {
    while (url.ends_with('/')) url.pop_back();
    url += kDiscoveryPath;
  }
  const json::Document document = ParseObject("configuration", co_await Get(std::move(url)));
  const boost::json::object& fields = document.root().get_object();
  ProviderMetadata provider;
  provider.issuer = TextOf(fields, "issuer");
  provider.authorization_endpoint = TextOf(fields, "authorization_endpoint");
  provider.token_endpoint = TextOf(fields, "token_endpoint");
  provider.userinfo_endpoint = TextOf(fields, "userinfo_endpoint");
  provider.jwks_uri = TextOf(fields, "jwks_uri");
  provider.end_session_endpoint = TextOf(fields, "end_session_endpoint");
  if (const auto* methods = fields.if_contains("code_challenge_methods_supported");
      methods != nullptr && methods->is_array()) {
    provider.supports_pkce = std::ranges::any_of(methods->get_array(), [](const boost::json::value& method) {
      return method.is_string() && method.get_string() == "S256";
    });
  }
  co_return provider;
}

Task<std::string> IdentityProvider::RequestTokens(const ProviderMetadata& provider, std::string code,
                                                  std::string redirect_uri, std::string code_verifier) const {
  if (!provider.token_endpoint.starts_with("https://") && !config_.allow_insecure_requests) {
    throw ProviderError("the token endpoint is not https and insecure requests are not allowed");
  }
  http::ClientRequest request;
  request.method = http::Method::kPost;
  request.url = provider.token_endpoint;
  request.timeout = std::chrono::milliseconds(config_.timeout);
  request.response_limit_bytes = kAnswerLimitBytes;
  request.headers.Add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.Add("Accept", "application/json");
  request.body = "grant_type=authorization_code" + FormPair("code", code) + FormPair("redirect_uri", redirect_uri);
  if (!code_verifier.empty()) request.body += FormPair("code_verifier", code_verifier);
  const bool is_basic = config_.token_endpoint_auth_method == api::OAuthTokenEndpointAuthMethod::kClientSecretBasic;
  if (!config_.client_secret.empty() && is_basic) {
    const std::string pair =
        crypto::PercentEncode(config_.client_id) + ':' + crypto::PercentEncode(config_.client_secret);
    request.headers.Add("Authorization", "Basic " + crypto::ToBase64(crypto::AsBytes(pair)));
  } else {
    request.body += FormPair("client_id", config_.client_id);
    if (!config_.client_secret.empty()) request.body += FormPair("client_secret", config_.client_secret);
  }
  const http::ClientResponse response = co_await http::Fetch(std::move(request));
  if (response.status != 200) {
    throw ProviderError(
        fmt::format("the token endpoint answers {}: {}", response.status, response.body.substr(0, 300)));
  }
  co_return response.body;
}

Task<JsonWebToken> IdentityProvider::Verify(const ProviderMetadata& provider, std::string_view token,
                                            std::string algorithm) const {
  JsonWebToken parsed = JsonWebToken::Parse(token);
  if (parsed.algorithm() != algorithm) {
    throw ProviderError(fmt::format("a token is signed with {} instead of {}", parsed.algorithm(), algorithm));
  }
  bool is_genuine = false;
  if (algorithm.starts_with("HS")) {
    is_genuine = parsed.IsSignedWith(config_.client_secret);
  } else {
    const JsonWebKeys keys = JsonWebKeys::Parse(co_await Get(provider.jwks_uri));
    is_genuine = parsed.IsSignedBy(keys);
  }
  if (!is_genuine) throw ProviderError("the signature of a token is not the provider's");
  if (parsed.TextClaim("iss") != provider.issuer) throw ProviderError("a token is of another issuer");
  if (!parsed.IsFor(config_.client_id)) throw ProviderError("a token is for another client");
  co_return parsed;
}

Task<json::Document> IdentityProvider::LoadUserInfo(const ProviderMetadata& provider, std::string access_token) const {
  const std::string body = co_await Get(provider.userinfo_endpoint, std::move(access_token));
  if (config_.profile_signing_algorithm.empty() || config_.profile_signing_algorithm == "none") {
    co_return ParseObject("userinfo", body);
  }
  const JsonWebToken token = co_await Verify(provider, body, config_.profile_signing_algorithm);
  std::string claims;
  json::AppendValue(claims, token.claims());
  co_return json::Document::Parse(claims);
}

Task<ProviderProfile> IdentityProvider::Redeem(std::string code, std::string redirect_uri,
                                               std::string code_verifier) const {
  const ProviderMetadata provider = co_await Discover();
  const json::Document tokens =
      ParseObject("token answer",
                  co_await RequestTokens(provider, std::move(code), std::move(redirect_uri), std::move(code_verifier)));
  const std::string id_token = TextOf(tokens.root().get_object(), "id_token");
  if (id_token.empty()) throw ProviderError("the token answer has no id_token");
  const JsonWebToken verified = co_await Verify(provider, id_token, config_.signing_algorithm);
  const auto expires_at = verified.TimeClaim("exp");
  if (!expires_at || *expires_at + kExpirySkew < Now()) throw ProviderError("the id_token has run out");
  std::string claims;
  json::AppendValue(claims, verified.claims());
  ProviderProfile profile{verified.TextClaim("sub"), json::Document::Parse(claims), verified.TextClaim("sid"),
                          id_token};
  if (profile.subject.empty()) throw ProviderError("the id_token has no sub");
  if (verified.TextClaim("email").empty() && !provider.userinfo_endpoint.empty()) {
    profile.claims = co_await LoadUserInfo(provider, TextOf(tokens.root().get_object(), "access_token"));
  }
  co_return profile;
}

Task<JsonWebToken> IdentityProvider::VerifyLogout(std::string token, TimePoint now) const {
  const ProviderMetadata provider = co_await Discover();
  JsonWebToken verified = co_await Verify(provider, token, config_.signing_algorithm);
  const auto issued_at = verified.TimeClaim("iat");
  if (!issued_at || *issued_at > now + kClockSkew || *issued_at + kLogoutMaxAge + kClockSkew < now) {
    throw ProviderError("a logout token is too old or from the future");
  }
  const auto expires_at = verified.TimeClaim("exp");
  if (expires_at && *expires_at + kClockSkew < now) throw ProviderError("a logout token has run out");
  const auto* events = verified.claims().if_contains("events");
  if (events == nullptr || !events->is_object() || events->get_object().if_contains(kLogoutEvent) == nullptr) {
    throw ProviderError("a token without the logout event");
  }
  if (verified.claims().if_contains("nonce") != nullptr) throw ProviderError("a logout token with a nonce");
  co_return verified;
}

}  // namespace immich::auth
