#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/server_types.hpp"
#include "platform/async/task.hpp"
#include "server/core/library_cache.hpp"
#include "server/core/system_metadata.hpp"
#include "server/server_info/server_info_store.hpp"
#include "server/server_info/tool_versions.hpp"

namespace immich {
class SystemConfig;
namespace config {
struct Environment;
}
namespace pg {
class Pool;
}
}  // namespace immich

namespace immich::server_info {

api::ServerVersionResponseDto Version();
/// Where the official Android app of the same version is.
api::ServerApkLinksDto ApkLinks();

/// What the server says about itself (facts: features §15, captures).
class ServerInfoService {
 public:
  ServerInfoService(pg::Pool& db, const SystemConfig& config, const config::Environment& environment,
                    std::shared_ptr<LibraryCache> library);

  Task<api::ServerAboutResponseDto> About();
  Task<api::ServerConfigDto> Config();
  Task<api::ServerStatsResponseDto> Statistics();
  Task<std::vector<api::ServerVersionHistoryResponseDto>> VersionHistory();
  Task<api::VersionCheckStateResponseDto> VersionCheck();
  /// JSON of the stored license. Throws NotFound.
  Task<std::string> License();
  Task<void> DeleteLicense();

 private:
  /// Kept until an asset of one of `owners` (all users) changes.
  Task<std::vector<OwnerUsage>> Usage(std::vector<UserId> owners);

  ServerInfoStore store_;
  SystemMetadata metadata_;
  const SystemConfig& config_;
  const config::Environment& environment_;
  std::shared_ptr<LibraryCache> library_;
  ToolVersionProbe tools_;
};

/// Notes that this version runs on the database, unless it was the last to do so. For the api role's start; advisory
/// lock 500 keeps several processes from noting it twice.
Task<void> RecordServerVersion(pg::Pool& db);

}  // namespace immich::server_info
