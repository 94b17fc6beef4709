#include <memory>

#include "api/partners_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/partners/partner_feature.hpp"
#include "server/partners/partner_service.hpp"

namespace immich {

void RegisterPartners(FeatureContext& context) {
  using Partner = api::PartnerResponseDto;
  RouteBinder& routes = context.routes;
  auto service = std::make_shared<partners::PartnerService>(context.db);
  routes.On<api::GetPartners>([service](Call& call, api::GetPartners::Input in) -> Task<std::vector<Partner>> {
    co_return co_await service->List(call.auth, in.direction);
  });
  routes.On<api::CreatePartner>([service](Call& call, api::CreatePartner::Input in) -> Task<Partner> {
    co_return co_await service->Create(call.auth, UserId(in.body.shared_with_id));
  });
  routes.On<api::CreatePartnerDeprecated>(
      [service](Call& call, api::CreatePartnerDeprecated::Input in) -> Task<Partner> {
        co_return co_await service->Create(call.auth, UserId(in.id));
      });
  routes.On<api::UpdatePartner>([service](Call& call, api::UpdatePartner::Input in) -> Task<Partner> {
    co_return co_await service->Update(call.auth, UserId(in.id), in.body.in_timeline);
  });
  routes.On<api::RemovePartner>([service](Call& call, api::RemovePartner::Input in) -> Task<void> {
    co_await service->Delete(call.auth, UserId(in.id));
  });
}

}  // namespace immich
