#include <memory>

#include "api/search_api.hpp"
#include "platform/error/error.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/search/discovery_service.hpp"
#include "server/search/search_feature.hpp"
#include "server/search/search_service.hpp"

namespace immich {

namespace {

using Assets = std::vector<api::AssetResponseDto>;

void BindSearches(RouteBinder& routes, std::shared_ptr<search::SearchService> service) {
  routes.OnResponse<api::SearchAssets>([service](Call& call, api::SearchAssets::Input in) -> Task<http::Response> {
    const LibraryCache::Body body = co_await service->Metadata(call.auth, std::move(in.body));
    co_return co_await http::KeptBody::Respond(call.request, api::SearchAssets::kRoute.status, body);
  });
  routes.On<api::SearchAssetStatistics>(
      [service](Call& call, api::SearchAssetStatistics::Input in) -> Task<api::SearchStatisticsResponseDto> {
        co_return co_await service->Statistics(call.auth, std::move(in.body));
      });
  routes.On<api::SearchRandom>([service](Call& call, api::SearchRandom::Input in) -> Task<Assets> {
    co_return co_await service->Random(call.auth, std::move(in.body));
  });
  routes.OnResponse<api::SearchLargeAssets>(
      [service](Call& call, api::SearchLargeAssets::Input in) -> Task<http::Response> {
        const LibraryCache::Body body = co_await service->LargeAssets(call.auth, std::move(in));
        co_return co_await http::KeptBody::Respond(call.request, api::SearchLargeAssets::kRoute.status, body);
      });
}

void BindDiscovery(RouteBinder& routes, std::shared_ptr<search::DiscoveryService> service) {
  routes.OnResponse<api::GetSearchSuggestions>(
      [service](Call& call, api::GetSearchSuggestions::Input in) -> Task<http::Response> {
        const LibraryCache::Body body = co_await service->Suggestions(call.auth, std::move(in));
        co_return co_await http::KeptBody::Respond(call.request, 200, body);
      });
  routes.OnResponse<api::GetExploreData>([service](Call& call, api::GetExploreData::Input) -> Task<http::Response> {
    const LibraryCache::Body body = co_await service->Explore(call.auth);
    co_return co_await http::KeptBody::Respond(call.request, 200, body);
  });
  routes.OnResponse<api::GetAssetsByCity>([service](Call& call, api::GetAssetsByCity::Input) -> Task<http::Response> {
    const LibraryCache::Body body = co_await service->Cities(call.auth);
    co_return co_await http::KeptBody::Respond(call.request, 200, body);
  });
  routes.On<api::SearchPerson>(
      [service](Call& call, api::SearchPerson::Input in) -> Task<std::vector<api::PersonResponseDto>> {
        co_return co_await service->Persons(call.auth, std::move(in.name), in.with_hidden.value_or(false));
      });
  routes.On<api::SearchPlaces>(
      [service](Call&, api::SearchPlaces::Input in) -> Task<std::vector<api::PlacesResponseDto>> {
        co_return co_await service->Places(std::move(in.name));
      });
}

}  // namespace

void RegisterSearch(FeatureContext& context) {
  BindSearches(context.routes, std::make_shared<search::SearchService>(context.db, context.access, context.library));
  BindDiscovery(context.routes, std::make_shared<search::DiscoveryService>(context.db, context.library));
}

}  // namespace immich
