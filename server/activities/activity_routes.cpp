#include <memory>

#include "server/activities/activity_feature.hpp"
#include "server/activities/activity_service.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"

namespace immich {

void RegisterActivities(FeatureContext& context) {
  using Activity = api::ActivityResponseDto;
  RouteBinder& routes = context.routes;
  auto service = std::make_shared<activities::ActivityService>(context.db, context.access);
  routes.On<api::GetActivities>([service](Call& call, api::GetActivities::Input in) -> Task<std::vector<Activity>> {
    co_return co_await service->List(call.auth, std::move(in));
  });
  routes.On<api::GetActivityStatistics>(
      [service](Call& call, api::GetActivityStatistics::Input in) -> Task<api::ActivityStatisticsResponseDto> {
        co_return co_await service->Statistics(call.auth, in.album_id, in.asset_id);
      });
  // Compat: POST /activities: 200 instead of 201 when the like was there already.
  routes.OnResponse<api::CreateActivity>([service](Call& call, api::CreateActivity::Input in) -> Task<http::Response> {
    const auto created = co_await service->Create(call.auth, std::move(in.body));
    co_return http::Response::Json(created.is_duplicate ? 200 : 201, api::ToJson(created.activity));
  });
  routes.On<api::DeleteActivity>([service](Call& call, api::DeleteActivity::Input in) -> Task<void> {
    co_await service->Delete(call.auth, in.id);
  });
}

}  // namespace immich
