#pragma once

#include <optional>
#include <vector>

#include "api/activities_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"

namespace immich {
class Access;
}

namespace immich::activities {

struct CreatedActivity {
  api::ActivityResponseDto activity;
  /// The like was there already.
  bool is_duplicate = false;
};

/// Comments and likes in albums, or on assets of them (facts: sharing, "Activity").
class ActivityService {
 public:
  ActivityService(pg::Db& db, Access& access) : db_(db), access_(access) {}

  /// Oldest first.
  Task<std::vector<api::ActivityResponseDto>> List(const AuthContext& auth, api::GetActivities::Input filter);
  Task<api::ActivityStatisticsResponseDto> Statistics(const AuthContext& auth, Uuid album, std::optional<Uuid> asset);
  /// Throws BadRequest unless the caller is a member and the album has its activity switched on.
  Task<CreatedActivity> Create(const AuthContext& auth, api::ActivityCreateDto request);
  /// By its author and the owner of the album.
  Task<void> Delete(const AuthContext& auth, Uuid id);

 private:
  pg::Db& db_;
  Access& access_;
};

}  // namespace immich::activities
