#include <memory>

#include "api/assets_api.hpp"
#include "server/asset_edits/asset_edit_feature.hpp"
#include "server/asset_edits/asset_edit_service.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"

namespace immich {

void RegisterAssetEdits(FeatureContext& context) {
  using Edits = api::AssetEditsResponseDto;
  RouteBinder& routes = context.routes;
  auto service = std::make_shared<asset_edits::AssetEditService>(context.db, context.access, context.jobs);
  routes.On<api::GetAssetEdits>([service](Call& call, api::GetAssetEdits::Input in) -> Task<Edits> {
    co_return co_await service->Get(call.auth, AssetId(in.id));
  });
  routes.On<api::EditAsset>([service](Call& call, api::EditAsset::Input in) -> Task<Edits> {
    co_return co_await service->Replace(call.auth, AssetId(in.id), std::move(in.body));
  });
  routes.On<api::RemoveAssetEdits>([service](Call& call, api::RemoveAssetEdits::Input in) -> Task<void> {
    co_await service->Remove(call.auth, AssetId(in.id));
  });
}

}  // namespace immich
