#include <memory>

#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/map/map_feature.hpp"
#include "server/map/map_service.hpp"

namespace immich {

void RegisterMap(FeatureContext& context) {
  auto service = std::make_shared<map::MapService>(context.db, context.library);
  context.routes.OnResponse<api::GetMapMarkers>(
      [service](Call& call, api::GetMapMarkers::Input in) -> Task<http::Response> {
        const LibraryCache::Body body = co_await service->Markers(call.auth, std::move(in));
        co_return co_await http::KeptBody::Respond(call.request, api::GetMapMarkers::kRoute.status, body);
      });
  context.routes.On<api::ReverseGeocode>(
      [service](Call&, api::ReverseGeocode::Input in) -> Task<std::vector<api::MapReverseGeocodeResponseDto>> {
        co_return co_await service->ReverseGeocode(in.lat, in.lon);
      });
}

}  // namespace immich
