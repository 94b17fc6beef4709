#include <memory>

#include "api/search_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/smart_search/smart_search_feature.hpp"
#include "server/smart_search/smart_search_service.hpp"

namespace immich {

void RegisterSmartSearch(FeatureContext& context) {
  auto service =
      std::make_shared<smart_search::SmartSearchService>(context.db, context.access, context.config, context.ml);
  context.routes.On<api::SearchSmart>(
      [service](Call& call, api::SearchSmart::Input in) -> Task<api::SearchResponseDto> {
        co_return co_await service->Search(call.auth, std::move(in.body));
      });
}

}  // namespace immich
