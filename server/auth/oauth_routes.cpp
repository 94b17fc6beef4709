#include "server/auth/oauth_routes.hpp"

#include "api/authentication_admin_api.hpp"
#include "api/authentication_api.hpp"
#include "server/auth/login_cookies.hpp"
#include "server/core/route_binder.hpp"

namespace immich::auth {

namespace {

// Facts: auth, "Cookies".
constexpr std::string_view kStateCookie = "immich_oauth_state";
constexpr std::string_view kVerifierCookie = "immich_oauth_code_verifier";
constexpr std::int64_t kLifeSeconds = 400LL * 24 * 3600;

void AddCookie(http::Response& response, const http::Request& request, std::string_view name, std::string value) {
  http::Cookie cookie;
  cookie.name = name;
  cookie.value = std::move(value);
  cookie.secure = request.secure;
  cookie.max_age_s = kLifeSeconds;
  response.headers.Add("Set-Cookie", http::FormatSetCookie(cookie, Now()));
}

void ClearStartCookies(http::Response& response) {
  for (const std::string_view name : {kStateCookie, kVerifierCookie}) {
    http::Cookie cookie;
    cookie.name = name;
    cookie.max_age_s = 0;
    response.headers.Add("Set-Cookie", http::FormatSetCookie(cookie, Now()));
  }
}

OAuthReturn ReturnOf(const http::Request& request, api::OAuthCallbackDto body) {
  const auto or_cookie = [&](std::optional<std::string> value, std::string_view name) -> std::optional<std::string> {
    if (value) return value;
    const auto cookie = request.FindCookie(name);
    return cookie ? std::optional(std::string(*cookie)) : std::nullopt;
  };
  OAuthReturn returned;
  returned.url = std::move(body.url);
  returned.state = or_cookie(std::move(body.state), kStateCookie);
  returned.code_verifier = or_cookie(std::move(body.code_verifier), kVerifierCookie);
  return returned;
}

void BindLogin(RouteBinder& routes, const std::shared_ptr<OAuthService>& service) {
  routes.OnResponse<api::StartOAuth>([service](Call& call, api::StartOAuth::Input in) -> Task<http::Response> {
    OAuthStart start = co_await service->Authorize(std::move(in.body));
    api::OAuthAuthorizeResponseDto body;
    body.url = std::move(start.url);
    auto response = http::Response::Json(api::StartOAuth::kRoute.status, api::ToJson(body));
    AddCookie(response, call.request, kStateCookie, std::move(start.state));
    if (!start.code_verifier.empty()) {
      AddCookie(response, call.request, kVerifierCookie, std::move(start.code_verifier));
    }
    co_return response;
  });
  routes.OnResponse<api::FinishOAuth>([service](Call& call, api::FinishOAuth::Input in) -> Task<http::Response> {
    OAuthReturn returned = ReturnOf(call.request, std::move(in.body));
    const auto login = co_await service->Login(std::move(returned), DescribeClient(call.request));
    auto response = http::Response::Json(api::FinishOAuth::kRoute.status, api::ToJson(login));
    SetLoginCookies(response, call.request, login.access_token, "oauth");
    ClearStartCookies(response);
    co_return response;
  });
  routes.OnResponse<api::RedirectOAuthToMobile>(
      [](Call& call, api::RedirectOAuthToMobile::Input) -> Task<http::Response> {
        const std::string_view target = call.request.target;
        const std::size_t question = target.find('?');
        const std::string_view query = question == std::string_view::npos ? "" : target.substr(question);
        co_return http::Response::Redirect(307, OAuthService::MobileRedirect(query));
      });
}

void BindLinks(RouteBinder& routes, const std::shared_ptr<OAuthService>& service) {
  routes.OnResponse<api::LinkOAuthAccount>(
      [service](Call& call, api::LinkOAuthAccount::Input in) -> Task<http::Response> {
        OAuthReturn returned = ReturnOf(call.request, std::move(in.body));
        const auto account = co_await service->Link(call.auth, std::move(returned));
        auto response = http::Response::Json(api::LinkOAuthAccount::kRoute.status, api::ToJson(account));
        ClearStartCookies(response);
        co_return response;
      });
  routes.On<api::UnlinkOAuthAccount>(
      [service](Call& call, api::UnlinkOAuthAccount::Input) -> Task<api::UserAdminResponseDto> {
        co_return co_await service->Unlink(call.auth);
      });
  routes.On<api::UnlinkAllOAuthAccountsAdmin>(
      [service](Call&, api::UnlinkAllOAuthAccountsAdmin::Input) -> Task<void> { co_await service->UnlinkAll(); });
  routes.OnResponse<api::LogoutOAuth>([service](Call&, api::LogoutOAuth::Input in) -> Task<http::Response> {
    co_await service->EndSessions(std::move(in.body.logout_token));
    co_return http::Response::Empty(api::LogoutOAuth::kRoute.status);
  });
}

}  // namespace

void BindOAuth(RouteBinder& routes, const std::shared_ptr<OAuthService>& service) {
  BindLogin(routes, service);
  BindLinks(routes, service);
}

}  // namespace immich::auth
