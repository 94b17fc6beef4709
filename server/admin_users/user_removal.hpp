#pragma once

#include <string_view>

#include "platform/async/task.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"

namespace immich {
class ClientEvents;
class JobSink;
class StoragePaths;
class SystemConfig;
namespace pg {
class Pool;
}
}  // namespace immich

namespace immich::admin_users {

/// Removes deleted accounts for good when their time is up (`user.deleteDelay`, days), and counts quotas again.
class UserRemoval {
 public:
  UserRemoval(pg::Pool& db, JobSink& jobs, ClientEvents& events, const SystemConfig& config, const StoragePaths& paths)
      : db_(db), jobs_(jobs), events_(events), config_(config), paths_(paths) {}

  /// Job UserDelete, `{"id","force"?}`: files first, then the rows, so that a run that breaks off is taken up again.
  /// Files of external libraries stay. Skipped when the deletion is not due or was taken back.
  Task<JobResult> Remove(std::string_view job_data);
  /// Job UserDeleteCheck.
  Task<JobResult> QueueDue();
  /// Job UserSyncUsage.
  Task<JobResult> SyncUsage();

 private:
  Task<void> RemoveFolders(UserId user, std::string_view storage_label);

  pg::Pool& db_;
  JobSink& jobs_;
  ClientEvents& events_;
  const SystemConfig& config_;
  const StoragePaths& paths_;
};

}  // namespace immich::admin_users
