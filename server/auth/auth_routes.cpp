#include <memory>

#include "api/authentication_api.hpp"
#include "platform/config/environment.hpp"
#include "server/auth/auth_feature.hpp"
#include "server/auth/auth_service.hpp"
#include "server/auth/login_cookies.hpp"
#include "server/auth/oauth_routes.hpp"
#include "server/auth/oauth_service.hpp"
#include "server/auth/pin_service.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/session_registry.hpp"

namespace immich {

namespace {

using auth::AuthService;
using auth::PinService;

void BindLogin(RouteBinder& routes, const std::shared_ptr<AuthService>& service,
               const std::shared_ptr<auth::OAuthService>& oauth) {
  routes.On<api::SignUpAdmin>([service](Call&, api::SignUpAdmin::Input in) -> Task<api::UserAdminResponseDto> {
    co_return co_await service->SignUpAdmin(std::move(in.body));
  });
  routes.OnResponse<api::Login>([service](Call& call, api::Login::Input in) -> Task<http::Response> {
    const api::LoginResponseDto login = co_await service->Login(std::move(in.body), DescribeClient(call.request));
    http::Response response = http::Response::Json(api::Login::kRoute.status, api::ToJson(login));
    auth::SetLoginCookies(response, call.request, login.access_token, "password");
    co_return response;
  });
  routes.OnResponse<api::Logout>([service, oauth](Call& call, api::Logout::Input) -> Task<http::Response> {
    std::optional<std::string> provider_url;
    if (call.request.FindCookie(auth::kAuthTypeCookie) == "oauth") {
      const auto session = call.auth.session ? std::optional(call.auth.session->id) : std::nullopt;
      provider_url = co_await oauth->LogoutUrl(session);
    }
    api::LogoutResponseDto logout = co_await service->Logout(call.auth);
    if (provider_url) logout.redirect_uri = std::move(*provider_url);
    http::Response response = http::Response::Json(api::Logout::kRoute.status, api::ToJson(logout));
    auth::ClearLoginCookies(response);
    co_return response;
  });
}

void BindAccount(RouteBinder& routes, const std::shared_ptr<AuthService>& service) {
  routes.On<api::ChangePassword>(
      [service](Call& call, api::ChangePassword::Input in) -> Task<api::UserAdminResponseDto> {
        co_return co_await service->ChangePassword(call.auth, std::move(in.body));
      });
  routes.On<api::GetAuthStatus>([service](Call& call, api::GetAuthStatus::Input) -> Task<api::AuthStatusResponseDto> {
    co_return co_await service->Status(call.auth);
  });
  routes.On<api::ValidateAccessToken>(
      [](Call&, api::ValidateAccessToken::Input) -> Task<api::ValidateAccessTokenResponseDto> {
        co_return api::ValidateAccessTokenResponseDto{.auth_status = true};
      });
}

void BindPinCode(RouteBinder& routes, const std::shared_ptr<PinService>& service) {
  routes.On<api::SetupPinCode>([service](Call& call, api::SetupPinCode::Input in) -> Task<void> {
    co_await service->Setup(call.auth, std::move(in.body));
  });
  routes.On<api::ChangePinCode>([service](Call& call, api::ChangePinCode::Input in) -> Task<void> {
    co_await service->Change(call.auth, std::move(in.body));
  });
  routes.On<api::ResetPinCode>([service](Call& call, api::ResetPinCode::Input in) -> Task<void> {
    co_await service->Reset(call.auth, std::move(in.body));
  });
  routes.On<api::UnlockAuthSession>([service](Call& call, api::UnlockAuthSession::Input in) -> Task<void> {
    co_await service->Unlock(call.auth, std::move(in.body));
  });
  routes.On<api::LockAuthSession>(
      [service](Call& call, api::LockAuthSession::Input) -> Task<void> { co_await service->Lock(call.auth); });
}

}  // namespace

void RegisterAuth(FeatureContext& context) {
  auto sessions = std::make_shared<SessionRegistry>(context.executor, context.db, context.events);
  auto oauth = std::make_shared<auth::OAuthService>(context.db, sessions, context.config);
  auto service =
      std::make_shared<AuthService>(context.db, std::move(sessions), context.config, context.environment.allow_setup);
  BindLogin(context.routes, service, oauth);
  BindAccount(context.routes, service);
  auth::BindOAuth(context.routes, oauth);
  BindPinCode(context.routes, std::make_shared<PinService>(context.db));
}

}  // namespace immich
