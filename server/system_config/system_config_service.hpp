#pragma once

#include "api/config_admin_types.hpp"
#include "platform/async/task.hpp"

namespace immich {
class ClientEvents;
class SystemConfig;
}  // namespace immich

namespace immich::system_config {

class SystemConfigService {
 public:
  /// `log_level_is_fixed`: IMMICH_LOG_LEVEL is set, so that the configuration may not change logging.
  SystemConfigService(SystemConfig& config, ClientEvents& events, bool log_level_is_fixed)
      : config_(config), events_(events), log_level_is_fixed_(log_level_is_fixed) {}

  /// Checks, stores, puts into force everywhere and tells the clients. Returns what is in force. Throws BadRequest when
  /// a file is in use or a rule is broken.
  Task<api::AdminConfigDto> Update(api::AdminConfigDto wanted);

 private:
  SystemConfig& config_;
  ClientEvents& events_;
  bool log_level_is_fixed_;
};

}  // namespace immich::system_config
