#include "server/auth/oauth_service.hpp"

#include <fmt/format.h>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/secret.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "platform/http/http_message.hpp"
#include "platform/log/log.hpp"
#include "server/auth/oauth_profile.hpp"
#include "server/core/account_store.hpp"
#include "server/core/session_registry.hpp"
#include "server/core/system_config.hpp"
#include "slice_auth_sql.hpp"

namespace immich::auth {

namespace {

// Facts: auth, "OAuth / OIDC": how the phone app is called back.
constexpr std::string_view kMobileUri = "app.immich:///oauth-callback";
constexpr std::string_view kMobileScheme = "app.immich:/";
constexpr std::size_t kSecretBytes = 32;
constexpr std::string_view kFailed = "OAuth authentication failed";

std::string RandomText() {
  return crypto::ToBase64Url(crypto::RandomBytes(kSecretBytes));
}

std::string ChallengeOf(std::string_view verifier) {
  return crypto::ToBase64Url(crypto::HashSha256(verifier));
}

void AppendQuery(std::string& url, std::string_view name, std::string_view value) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += fmt::format("{}={}", name, crypto::PercentEncode(value));
}

/// Runs what talks to the provider; its faults are the client's 400, with the reason in the log.
template <class T>
Task<T> Ask(Task<T> exchange) {
  std::string reason;
  try {
    co_return co_await std::move(exchange);
  } catch (const ProviderError& error) {
    reason = error.detail();
  } catch (const Unavailable& error) {
    reason = error.what();
  }
  log::Warn("OAuth", "{}", reason);
  throw BadRequest(std::string(kFailed));
}

}  // namespace

std::string OAuthService::MobileRedirect(std::string_view query) {
  return fmt::format("{}{}", kMobileUri, query);
}

const api::AdminConfigOAuthDto& OAuthService::Enabled() const {
  const api::AdminConfigOAuthDto& config = config_.current().oauth;
  if (!config.enabled) throw BadRequest("OAuth is not enabled");
  return config;
}

/// The registered address instead of the phone app's own scheme, where the configuration has one.
std::string OAuthService::RedirectUri(std::string url) const {
  const api::AdminConfigOAuthDto& config = config_.current().oauth;
  const bool is_mobile = url.starts_with(kMobileScheme);
  if (is_mobile && config.mobile_override_enabled && !config.mobile_redirect_uri.empty()) {
    return config.mobile_redirect_uri;
  }
  return url;
}

Task<OAuthStart> OAuthService::Authorize(api::OAuthConfigDto request) {
  // The configuration may change while the provider is asked.
  const api::AdminConfigOAuthDto config = Enabled();
  const IdentityProvider identity(config);
  const ProviderMetadata provider = co_await Ask(identity.Discover());
  OAuthStart start;
  start.state = request.state.value_or(RandomText());
  if (!request.code_challenge) start.code_verifier = RandomText();
  start.url = provider.authorization_endpoint;
  AppendQuery(start.url, "client_id", config.client_id);
  AppendQuery(start.url, "response_type", "code");
  AppendQuery(start.url, "redirect_uri", RedirectUri(std::move(request.redirect_uri)));
  AppendQuery(start.url, "scope", config.scope);
  AppendQuery(start.url, "state", start.state);
  if (provider.supports_pkce) {
    AppendQuery(start.url, "code_challenge", request.code_challenge.value_or(ChallengeOf(start.code_verifier)));
    AppendQuery(start.url, "code_challenge_method", "S256");
  }
  if (!config.prompt.empty()) AppendQuery(start.url, "prompt", config.prompt);
  co_return start;
}

Task<ProviderProfile> OAuthService::Redeem(OAuthReturn returned) {
  const api::AdminConfigOAuthDto config = Enabled();
  if (!returned.state || returned.state->empty()) throw BadRequest("OAuth state is missing");
  if (!returned.code_verifier || returned.code_verifier->empty()) throw BadRequest("OAuth code verifier is missing");
  const std::size_t question = returned.url.find('?');
  if (question == std::string::npos) throw BadRequest(std::string(kFailed));
  const std::string query = returned.url.substr(question + 1, returned.url.find('#', question) - question - 1);
  const http::QueryParams parameters = http::QueryParams::Parse(query);
  const auto code = parameters.Find("code");
  const auto state = parameters.Find("state");
  if (!code || !state || !crypto::EqualsInConstantTime(*state, *returned.state)) throw BadRequest(std::string(kFailed));
  const IdentityProvider identity(config);
  std::string redirect_uri = RedirectUri(returned.url.substr(0, question));
  co_return co_await Ask(identity.Redeem(std::string(*code), std::move(redirect_uri), *returned.code_verifier));
}

Task<UserId> OAuthService::Register(const ProviderProfile& profile, const std::string& email) {
  const api::AdminConfigOAuthDto& config = config_.current().oauth;
  if (!config.auto_register) throw BadRequest("User does not exist and auto registering is disabled");
  if (email.empty()) throw BadRequest("OAuth profile does not have an email address");
  ClaimedAccount claimed = ReadClaims(profile, config);
  NewAccount account;
  account.email = email;
  account.name = std::move(claimed.name);
  account.is_admin = claimed.is_admin.value_or(false);
  account.should_change_password = false;
  account.storage_label = std::move(claimed.storage_label);
  account.quota_size_bytes = claimed.quota_bytes;
  UserId user;
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    AccountStore accounts{tx};
    if (!account.is_admin && !co_await accounts.HasAdminLocked()) {
      throw BadRequest("The first account must be the administrator's");
    }
    const auto made = co_await accounts.Insert(account);
    user = UserId(made.id);
    pg::Params link{user, profile.subject};
    co_await tx.Run(sql::kOauthIdSet, std::move(link));
  });
  log::Info("OAuth", "made an account for {}", email);
  co_return user;
}

Task<UserId> OAuthService::FindOrRegister(const ProviderProfile& profile) {
  const std::string email = ReadClaims(profile, config_.current().oauth).email;
  pg::Params find{profile.subject, email};
  const pg::Result found = co_await db_.Run(sql::kOauthUserFind, std::move(find));
  if (found.empty()) co_return co_await Register(profile, email);
  const auto user = found[0].Get<UserId>(0);
  const auto linked_to = found[0].Get<std::string>(1);
  if (linked_to == profile.subject) co_return user;
  // The e-mail address is that of an account which belongs to somebody else at the provider.
  if (!linked_to.empty()) throw BadRequest(std::string(kFailed));
  pg::Params link{user, profile.subject};
  co_await db_.Run(sql::kOauthIdSet, std::move(link));
  co_return user;
}

Task<void> OAuthService::SyncRole(UserId user, const ProviderProfile& profile) {
  const ClaimedAccount claimed = ReadClaims(profile, config_.current().oauth);
  if (!claimed.is_admin) co_return;
  AccountChanges changes;
  changes.is_admin = claimed.is_admin;
  co_await AccountStore(db_).Update(user, std::move(changes));
}

Task<void> OAuthService::NoteOnSession(SessionId session, const ProviderProfile& profile) {
  std::optional<std::string> provider_session;
  if (!profile.session_id.empty()) provider_session = profile.session_id;
  pg::Params params{session, provider_session, profile.id_token};
  co_await db_.Run(sql::kOauthSessionNote, std::move(params));
}

Task<api::LoginResponseDto> OAuthService::Login(OAuthReturn returned, ClientDevice device) {
  const ProviderProfile profile = co_await Redeem(std::move(returned));
  const UserId user = co_await FindOrRegister(profile);
  co_await SyncRole(user, profile);
  NewSession session;
  session.user = user;
  session.device = std::move(device);
  BegunSession begun = co_await sessions_->Begin(std::move(session));
  co_await NoteOnSession(begun.id, profile);
  pg::Params params{user};
  const pg::Result row = co_await db_.Run(sql::kOauthLoginGet, std::move(params));
  if (row.empty()) throw BadRequest(std::string(kFailed));
  api::LoginResponseDto response;
  response.access_token = std::move(begun.token);
  response.user_id = user.value;
  response.name = row[0].Get<std::string>(0);
  response.user_email = row[0].Get<std::string>(1);
  response.is_admin = row[0].Get<bool>(2);
  response.should_change_password = row[0].Get<bool>(3);
  response.profile_image_path = row[0].Get<std::string>(4);
  response.is_onboarded = row[0].Get<bool>(5);
  co_return response;
}

Task<api::UserAdminResponseDto> OAuthService::Link(const AuthContext& auth, OAuthReturn returned) {
  const ProviderProfile profile = co_await Redeem(std::move(returned));
  pg::Params params{auth.user.id, profile.subject};
  const pg::Result linked = co_await db_.Run(sql::kOauthIdLink, std::move(params));
  if (linked.affected_rows() == 0) throw BadRequest("This OAuth account has already been linked to another user");
  if (auth.session) co_await NoteOnSession(auth.session->id, profile);
  co_return co_await AccountStore(db_).Get(auth.user.id);
}

Task<api::UserAdminResponseDto> OAuthService::Unlink(const AuthContext& auth) {
  pg::Params params{auth.user.id, ""};
  co_await db_.Run(sql::kOauthIdSet, std::move(params));
  co_return co_await AccountStore(db_).Get(auth.user.id);
}

Task<void> OAuthService::UnlinkAll() {
  co_await db_.Run(sql::kOauthIdClearAll);
}

Task<void> OAuthService::EndSessions(std::string logout_token) {
  const api::AdminConfigOAuthDto config = Enabled();
  const IdentityProvider identity(config);
  const JsonWebToken token = co_await Ask(identity.VerifyLogout(std::move(logout_token), Now()));
  const std::string session = token.TextClaim("sid"), subject = token.TextClaim("sub");
  if (session.empty() && subject.empty()) throw BadRequest("The logout token names neither a session nor a user");
  pg::Params params{session, subject};
  for (const pg::Row row : co_await db_.Run(sql::kOauthSessionsFind, std::move(params))) {
    co_await sessions_->End(row.Get<SessionId>(0));
  }
}

Task<std::optional<std::string>> OAuthService::LogoutUrl(std::optional<SessionId> session) {
  const api::AdminConfigOAuthDto config = config_.current().oauth;
  if (!config.enabled) co_return std::nullopt;
  std::string url = config.end_session_endpoint;
  if (url.empty()) {
    const IdentityProvider identity(config);
    try {
      url = (co_await Ask(identity.Discover())).end_session_endpoint;
    } catch (const BadRequest&) {
      // Logging out here works without the provider.
      co_return std::nullopt;
    }
  }
  if (url.empty()) co_return std::nullopt;
  if (session) {
    pg::Params params{*session};
    const pg::Result found = co_await db_.Run(sql::kOauthSessionTokenGet, std::move(params));
    if (!found.empty()) AppendQuery(url, "id_token_hint", found[0].Get<std::string>(0));
  }
  co_return url;
}

}  // namespace immich::auth
