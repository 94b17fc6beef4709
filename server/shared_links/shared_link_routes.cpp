#include <memory>

#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/shared_links/shared_link_feature.hpp"
#include "server/shared_links/shared_link_service.hpp"

namespace immich {

namespace {

using shared_links::Link;
using Service = std::shared_ptr<shared_links::SharedLinkService>;
using Results = std::vector<api::AssetIdsResponseDto>;

// Facts: auth, "Cookies": the tokens of links whose password was entered, joined by commas.
constexpr std::string_view kTokenCookie = "immich_shared_link_token";
constexpr std::int64_t kTokenLifeSeconds = 24 * 3600;

std::string_view TokensOf(const http::Request& request) {
  return request.FindCookie(kTokenCookie).value_or("");
}

void BindLinks(RouteBinder& routes, const Service& service) {
  routes.On<api::GetAllSharedLinks>([service](Call& call, api::GetAllSharedLinks::Input in) -> Task<std::vector<Link>> {
    co_return co_await service->List(call.auth, std::move(in));
  });
  routes.On<api::GetSharedLinkById>([service](Call& call, api::GetSharedLinkById::Input in) -> Task<Link> {
    co_return co_await service->Get(call.auth, SharedLinkId(in.id));
  });
  routes.On<api::CreateSharedLink>([service](Call& call, api::CreateSharedLink::Input in) -> Task<Link> {
    co_return co_await service->Create(call.auth, std::move(in.body));
  });
  routes.On<api::UpdateSharedLink>([service](Call& call, api::UpdateSharedLink::Input in) -> Task<Link> {
    co_return co_await service->Update(call.auth, SharedLinkId(in.id), std::move(in.body));
  });
  routes.On<api::RemoveSharedLink>([service](Call& call, api::RemoveSharedLink::Input in) -> Task<void> {
    co_await service->Delete(call.auth, SharedLinkId(in.id));
  });
  routes.On<api::AddSharedLinkAssets>([service](Call& call, api::AddSharedLinkAssets::Input in) -> Task<Results> {
    co_return co_await service->AddAssets(call.auth, SharedLinkId(in.id), std::move(in.body.asset_ids));
  });
  routes.On<api::RemoveSharedLinkAssets>([service](Call& call, api::RemoveSharedLinkAssets::Input in) -> Task<Results> {
    co_return co_await service->RemoveAssets(call.auth, SharedLinkId(in.id), std::move(in.body.asset_ids));
  });
}

void BindVisits(RouteBinder& routes, const Service& service) {
  routes.On<api::GetMySharedLink>([service](Call& call, api::GetMySharedLink::Input) -> Task<Link> {
    co_return co_await service->GetMine(call.auth, TokensOf(call.request));
  });
  routes.OnResponse<api::SharedLinkLogin>(
      [service](Call& call, api::SharedLinkLogin::Input in) -> Task<http::Response> {
        http::Cookie cookie;
        cookie.name = kTokenCookie;
        cookie.value = service->LogIn(call.auth, in.body.password, TokensOf(call.request));
        cookie.secure = call.request.secure;
        cookie.max_age_s = kTokenLifeSeconds;
        const Link link = co_await service->GetMine(call.auth, cookie.value);
        auto response = http::Response::Json(api::SharedLinkLogin::kRoute.status, api::ToJson(link));
        response.headers.Add("Set-Cookie", http::FormatSetCookie(cookie, Now()));
        co_return response;
      });
}

}  // namespace

void RegisterSharedLinks(FeatureContext& context) {
  auto service = std::make_shared<shared_links::SharedLinkService>(context.db, context.access);
  BindLinks(context.routes, service);
  BindVisits(context.routes, service);
}

}  // namespace immich
