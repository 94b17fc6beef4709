#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/authentication_types.hpp"
#include "api/users_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/auth/identity_provider.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/client_device.hpp"

namespace immich {
class SessionRegistry;
class SystemConfig;
}  // namespace immich

namespace immich::auth {

/// Where the browser goes, and what has to be there when it comes back.
struct OAuthStart {
  std::string url;
  std::string state;
  /// Empty when the client keeps its own.
  std::string code_verifier;
};

/// What the provider sent the browser back with; state and verifier from the request's body or its cookies.
struct OAuthReturn {
  std::string url;
  std::optional<std::string> state;
  std::optional<std::string> code_verifier;
};

/// Sign-in with an OpenID Connect provider (facts: auth, "OAuth / OIDC").
class OAuthService {
 public:
  OAuthService(pg::Pool& db, std::shared_ptr<SessionRegistry> sessions, const SystemConfig& config)
      : db_(db), sessions_(std::move(sessions)), config_(config) {}

  /// All throw BadRequest while OAuth is off and when the provider refuses.
  Task<OAuthStart> Authorize(api::OAuthConfigDto request);
  /// Finds the account by subject or e-mail address, or makes one when that is allowed.
  Task<api::LoginResponseDto> Login(OAuthReturn returned, ClientDevice device);
  Task<api::UserAdminResponseDto> Link(const AuthContext& auth, OAuthReturn returned);
  Task<api::UserAdminResponseDto> Unlink(const AuthContext& auth);
  Task<void> UnlinkAll();
  /// Ends the sessions a logout token names.
  Task<void> EndSessions(std::string logout_token);
  /// Where to send the browser after the session ended; nullopt when the provider has no such place.
  Task<std::optional<std::string>> LogoutUrl(std::optional<SessionId> session);
  /// Address that hands `query` (with `?` or empty) over to the phone app.
  static std::string MobileRedirect(std::string_view query);

 private:
  Task<ProviderProfile> Redeem(OAuthReturn returned);
  Task<UserId> FindOrRegister(const ProviderProfile& profile);
  Task<UserId> Register(const ProviderProfile& profile, const std::string& email);
  Task<void> SyncRole(UserId user, const ProviderProfile& profile);
  Task<void> NoteOnSession(SessionId session, const ProviderProfile& profile);
  std::string RedirectUri(std::string url) const;
  const api::AdminConfigOAuthDto& Enabled() const;

  pg::Pool& db_;
  std::shared_ptr<SessionRegistry> sessions_;
  const SystemConfig& config_;
};

}  // namespace immich::auth
