#include <memory>

#include "api/api_keys_api.hpp"
#include "server/api_keys/api_key_feature.hpp"
#include "server/api_keys/api_key_service.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"

namespace immich {

void RegisterApiKeys(FeatureContext& context) {
  RouteBinder& routes = context.routes;
  auto service = std::make_shared<api_keys::ApiKeyService>(context.db);
  routes.On<api::GetApiKeys>(
      [service](Call& call, api::GetApiKeys::Input) -> Task<std::vector<api::ApiKeyResponseDto>> {
        co_return co_await service->List(call.auth);
      });
  routes.On<api::CreateApiKey>(
      [service](Call& call, api::CreateApiKey::Input in) -> Task<api::ApiKeyCreateResponseDto> {
        co_return co_await service->Create(call.auth, std::move(in.body));
      });
  routes.On<api::GetMyApiKey>([service](Call& call, api::GetMyApiKey::Input) -> Task<api::ApiKeyResponseDto> {
    co_return co_await service->GetMine(call.auth);
  });
  routes.On<api::GetApiKey>([service](Call& call, api::GetApiKey::Input in) -> Task<api::ApiKeyResponseDto> {
    co_return co_await service->Get(call.auth, ApiKeyId(in.id));
  });
  routes.On<api::UpdateApiKey>([service](Call& call, api::UpdateApiKey::Input in) -> Task<api::ApiKeyResponseDto> {
    co_return co_await service->Update(call.auth, ApiKeyId(in.id), std::move(in.body));
  });
  routes.On<api::RotateApiKey>(
      [service](Call& call, api::RotateApiKey::Input in) -> Task<api::ApiKeyCreateResponseDto> {
        co_return co_await service->Rotate(call.auth, ApiKeyId(in.id));
      });
  routes.On<api::DeleteApiKey>([service](Call& call, api::DeleteApiKey::Input in) -> Task<void> {
    co_await service->Delete(call.auth, ApiKeyId(in.id));
  });
}

}  // namespace immich
