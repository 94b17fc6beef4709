#include <memory>

#include "api/stacks_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/stacks/stack_feature.hpp"
#include "server/stacks/stack_service.hpp"

namespace immich {

namespace {

using Stack = api::StackResponseDto;

template <class IdType>
std::optional<IdType> MaybeId(const std::optional<Uuid>& id) {
  return id ? std::optional(IdType(*id)) : std::nullopt;
}

}  // namespace

void RegisterStacks(FeatureContext& context) {
  RouteBinder& routes = context.routes;
  auto service = std::make_shared<stacks::StackService>(context.db, context.access, context.events);
  routes.On<api::SearchStacks>([service](Call& call, api::SearchStacks::Input in) -> Task<std::vector<Stack>> {
    co_return co_await service->List(call.auth, MaybeId<AssetId>(in.primary_asset_id));
  });
  routes.On<api::GetStack>([service](Call& call, api::GetStack::Input in) -> Task<Stack> {
    co_return co_await service->Get(call.auth, StackId(in.id));
  });
  routes.On<api::CreateStack>([service](Call& call, api::CreateStack::Input in) -> Task<Stack> {
    std::vector<AssetId> assets(in.body.asset_ids.begin(), in.body.asset_ids.end());
    co_return co_await service->Create(call.auth, std::move(assets));
  });
  routes.On<api::UpdateStack>([service](Call& call, api::UpdateStack::Input in) -> Task<Stack> {
    co_return co_await service->SetPrimary(call.auth, StackId(in.id), MaybeId<AssetId>(in.body.primary_asset_id));
  });
  routes.On<api::DeleteStack>([service](Call& call, api::DeleteStack::Input in) -> Task<void> {
    std::vector<StackId> ids{StackId(in.id)};
    co_await service->Delete(call.auth, std::move(ids));
  });
  routes.On<api::DeleteStacks>([service](Call& call, api::DeleteStacks::Input in) -> Task<void> {
    std::vector<StackId> ids(in.body.ids.begin(), in.body.ids.end());
    co_await service->Delete(call.auth, std::move(ids));
  });
  routes.On<api::RemoveAssetFromStack>([service](Call& call, api::RemoveAssetFromStack::Input in) -> Task<void> {
    co_await service->RemoveAsset(call.auth, StackId(in.id), AssetId(in.asset_id));
  });
}

}  // namespace immich
