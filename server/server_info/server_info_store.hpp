#pragma once

#include <string>
#include <vector>

#include "api/server_types.hpp"
#include "platform/async/task.hpp"

namespace immich::pg {
class Db;
}

namespace immich::server_info {

/// How far the installation of this server got.
struct SetupState {
  bool has_admin = false;
  bool is_onboarded = false;
};

class ServerInfoStore {
 public:
  explicit ServerInfoStore(pg::Db& db) : db_(db) {}

  Task<SetupState> GetSetupState();
  /// Every user in the order of sign-up. Assets in the trash do not count; bytes are those of uploads alone.
  Task<std::vector<api::UsageByUserDto>> ListUsage();
  /// Newest first.
  Task<std::vector<api::ServerVersionHistoryResponseDto>> ListVersions();
  Task<void> InsertVersionUnlessLast(std::string version);

 private:
  pg::Db& db_;
};

}  // namespace immich::server_info
