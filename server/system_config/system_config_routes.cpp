#include <memory>

#include "api/config_admin_api.hpp"
#include "api/config_public_api.hpp"
#include "api/config_user_api.hpp"
#include "api/system_config_api.hpp"
#include "platform/config/environment.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/system_config.hpp"
#include "server/system_config/config_views.hpp"
#include "server/system_config/system_config_feature.hpp"
#include "server/system_config/system_config_service.hpp"

namespace immich {

namespace {

using system_config::SystemConfigService;

/// The same three operations under the old and the new path.
template <class Get, class GetDefaults, class Update>
void BindAdmin(FeatureContext& context, const std::shared_ptr<SystemConfigService>& service) {
  const SystemConfig& config = context.config;
  context.routes.On<Get>(
      [&config](Call&, typename Get::Input) -> Task<api::AdminConfigDto> { co_return config.current(); });
  context.routes.On<GetDefaults>(
      [&config](Call&, typename GetDefaults::Input) -> Task<api::AdminConfigDto> { co_return config.defaults(); });
  context.routes.On<Update>([service](Call&, typename Update::Input input) -> Task<api::AdminConfigDto> {
    co_return co_await service->Update(std::move(input.body));
  });
}

void BindViews(FeatureContext& context) {
  const SystemConfig& config = context.config;
  context.routes.On<api::GetUserConfig>([&config](Call&, api::GetUserConfig::Input) -> Task<api::UserConfigDto> {
    co_return system_config::ForUsers(config.current());
  });
  context.routes.On<api::GetUserConfigDefaults>(
      [&config](Call&, api::GetUserConfigDefaults::Input) -> Task<api::UserConfigDto> {
        co_return system_config::ForUsers(config.defaults());
      });
  context.routes.On<api::GetPublicConfig>([&config](Call&, api::GetPublicConfig::Input) -> Task<api::PublicConfigDto> {
    co_return system_config::ForEverybody(config.current());
  });
  context.routes.On<api::GetPublicConfigDefaults>(
      [&config](Call&, api::GetPublicConfigDefaults::Input) -> Task<api::PublicConfigDto> {
        co_return system_config::ForEverybody(config.defaults());
      });
}

}  // namespace

void RegisterSystemConfig(FeatureContext& context) {
  auto service =
      std::make_shared<SystemConfigService>(context.config, context.events, context.environment.log_level.has_value());
  BindAdmin<api::GetConfig, api::GetConfigDefaults, api::UpdateConfig>(context, service);
  BindAdmin<api::GetAdminConfig, api::GetAdminConfigDefaults, api::UpdateAdminConfig>(context, service);
  BindViews(context);
  context.routes.On<api::GetStorageTemplateOptions>(
      [](Call&, api::GetStorageTemplateOptions::Input) -> Task<api::SystemConfigTemplateStorageOptionDto> {
        co_return system_config::StorageTemplateOptions();
      });
}

}  // namespace immich
