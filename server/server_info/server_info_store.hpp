#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/server_types.hpp"
#include "platform/async/task.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich::pg {
class Db;
}

namespace immich::server_info {

/// How far the installation of this server got.
struct SetupState {
  bool has_admin = false;
  bool is_onboarded = false;
};

/// What one user's assets amount to. Plain memory, so that it can be kept as bytes.
struct OwnerUsage {
  Uuid owner;
  std::int64_t photos = 0, videos = 0, photo_bytes = 0, video_bytes = 0, all_bytes = 0;
};

class ServerInfoStore {
 public:
  explicit ServerInfoStore(pg::Db& db) : db_(db) {}

  Task<SetupState> GetSetupState();
  /// Every user in the order of sign-up; counts are zero.
  Task<std::vector<api::UsageByUserDto>> ListUsers();
  /// Owners that have assets. Assets in the trash do not count; bytes are those of uploads alone.
  Task<std::vector<OwnerUsage>> ListUsage();
  /// Newest first.
  Task<std::vector<api::ServerVersionHistoryResponseDto>> ListVersions();
  Task<void> InsertVersionUnlessLast(std::string version);

 private:
  pg::Db& db_;
};

}  // namespace immich::server_info
