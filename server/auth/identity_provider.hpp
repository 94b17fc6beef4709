#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/config_admin_types.hpp"
#include "platform/async/task.hpp"
#include "platform/error/error.hpp"
#include "server/auth/json_web_token.hpp"

namespace immich::auth {

/// The provider did not do what OpenID Connect says; the text is for the log, clients get a short one.
class ProviderError : public InternalError {
 public:
  explicit ProviderError(std::string detail) : InternalError(std::move(detail), "OAuth authentication failed") {}
};

/// What we need of `/.well-known/openid-configuration`; texts are empty when absent.
struct ProviderMetadata {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string userinfo_endpoint;
  std::string jwks_uri;
  std::string end_session_endpoint;
  bool supports_pkce = false;
};

/// What the provider says about a user: the claims as JSON and the session they signed in with.
struct ProviderProfile {
  std::string subject;
  json::Document claims;
  std::string session_id;
  std::string id_token;
};

/// Talks to the configured OpenID Connect provider. Everything throws ProviderError, Unavailable when there is no
/// answer.
class IdentityProvider {
 public:
  /// `config` must outlive the calls.
  explicit IdentityProvider(const api::AdminConfigOAuthDto& config) : config_(config) {}

  Task<ProviderMetadata> Discover() const;
  /// Trades the code for the user's profile. `redirect_uri`: the one of the authorization request.
  Task<ProviderProfile> Redeem(std::string code, std::string redirect_uri, std::string code_verifier) const;
  /// Verifies a logout token (OpenID Connect Back-Channel Logout 1.0) and gives it back.
  Task<JsonWebToken> VerifyLogout(std::string token, TimePoint now) const;

 private:
  Task<std::string> Get(std::string url, std::string bearer_token = {}) const;
  Task<std::string> RequestTokens(const ProviderMetadata& provider, std::string code, std::string redirect_uri,
                                  std::string code_verifier) const;
  Task<JsonWebToken> Verify(const ProviderMetadata& provider, std::string_view token, std::string algorithm) const;
  Task<json::Document> LoadUserInfo(const ProviderMetadata& provider, std::string access_token) const;

  const api::AdminConfigOAuthDto& config_;
};

}  // namespace immich::auth
