#include "server/system_config/system_config_service.hpp"

#include <string>
#include <vector>

#include "api/websocket_events.hpp"
#include "platform/error/error.hpp"
#include "server/core/client_events.hpp"
#include "server/core/system_config.hpp"
#include "server/system_config/config_rules.hpp"

namespace immich::system_config {

Task<api::AdminConfigDto> SystemConfigService::Update(api::AdminConfigDto wanted) {
  if (config_.is_from_file()) throw BadRequest("Cannot update configuration while IMMICH_CONFIG_FILE is in use");
  if (log_level_is_fixed_ && wanted.logging != config_.current().logging) {
    throw BadRequest("Logging cannot be changed while IMMICH_LOG_LEVEL is set");
  }
  NormalizeConfig(wanted);
  CheckConfig(wanted);
  co_await config_.Save(wanted);
  std::vector<std::string> no_arguments;
  co_await events_.ToAll(api::events::OnConfigUpdate::kName, std::move(no_arguments));
  co_return config_.current();
}

}  // namespace immich::system_config
