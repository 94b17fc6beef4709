#include <memory>

#include "api/trash_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/trash/trash_feature.hpp"
#include "server/trash/trash_service.hpp"

namespace immich {

namespace {

api::TrashResponseDto Count(std::int64_t count) {
  api::TrashResponseDto response;
  response.count = count;
  return response;
}

}  // namespace

void RegisterTrash(FeatureContext& context) {
  auto service = std::make_shared<trash::TrashService>(context.db, context.access, context.jobs, context.events);
  context.routes.On<api::EmptyTrash>([service](Call& call, api::EmptyTrash::Input) -> Task<api::TrashResponseDto> {
    co_return Count(co_await service->Empty(call.auth));
  });
  context.routes.On<api::RestoreTrash>([service](Call& call, api::RestoreTrash::Input) -> Task<api::TrashResponseDto> {
    co_return Count(co_await service->RestoreAll(call.auth));
  });
  context.routes.On<api::RestoreAssets>(
      [service](Call& call, api::RestoreAssets::Input in) -> Task<api::TrashResponseDto> {
        std::vector<AssetId> ids;
        for (const Uuid& id : in.body.ids) ids.emplace_back(id);
        co_return Count(co_await service->RestoreAssets(call.auth, std::move(ids)));
      });
}

}  // namespace immich
