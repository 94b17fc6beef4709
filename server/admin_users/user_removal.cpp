#include "server/admin_users/user_removal.hpp"

#include <filesystem>
#include <system_error>

#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/file_error.hpp"
#include "platform/fs/file_name.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/client_events.hpp"
#include "server/core/job_batches.hpp"
#include "server/core/job_data.hpp"
#include "server/core/storage_paths.hpp"
#include "server/core/system_config.hpp"
#include "slice_admin_users_sql.hpp"

namespace immich::admin_users {

namespace {

TimePoint FinalBefore(const SystemConfig& config) {
  return Now() - std::chrono::days(config.current().user.delete_delay);
}

}  // namespace

Task<JobResult> UserRemoval::Remove(std::string_view job_data) {
  const JobData data = ParseEntityJobData(job_data);
  const UserId user(data.id);
  pg::Params begin{user, data.force.value_or(false), FinalBefore(config_)};
  const pg::Result begun = co_await db_.Run(sql::kUserRemovalBegin, std::move(begin));
  if (begun.empty()) co_return JobResult::Skipped();
  const std::string label = begun[0].Get<std::string>(0);
  log::Info("Users", "removing user {} and everything that belongs to it", user.ToString());
  co_await RemoveFolders(user, label);
  co_await db_.InTransaction([&](pg::Transaction& tx) -> Task<void> {
    pg::Params albums{user};
    co_await tx.Run(sql::kUserAlbumsDelete, std::move(albums));
    pg::Params account{user};
    co_await tx.Run(sql::kUserDelete, std::move(account));
  });
  std::vector<std::string> arguments{JsonId(user.value)};
  co_await events_.ToAll("on_user_delete", std::move(arguments));
  co_return JobResult::Success();
}

Task<void> UserRemoval::RemoveFolders(UserId user, std::string_view storage_label) {
  const std::string library = paths_.LibraryRoot(user, storage_label);
  const std::string library_folder = paths_.Folder(StorageFolder::kLibrary);
  if (!fs::IsInside(library_folder, library) || fs::NormalizePath(library) == fs::NormalizePath(library_folder)) {
    throw InternalError("the storage label of user " + user.ToString() + " leads outside the library folder");
  }
  std::vector<std::string> folders{library};
  for (const StorageFolder folder :
       {StorageFolder::kUpload, StorageFolder::kProfile, StorageFolder::kThumbs, StorageFolder::kEncodedVideo}) {
    folders.push_back(paths_.OwnerFolder(folder, user));
  }
  co_await RunBlocking([folders = std::move(folders)] {
    for (const std::string& folder : folders) {
      std::error_code error;
      std::filesystem::remove_all(folder, error);
      if (error) fs::ThrowFileError("remove", folder, error.value());
    }
  });
}

Task<JobResult> UserRemoval::QueueDue() {
  pg::Params params{FinalBefore(config_)};
  const std::int64_t queued =
      co_await EnqueueForEach(db_, jobs_, sql::kUserRemovalDue, std::move(params), "UserDelete");
  if (queued > 0) log::Info("Users", "{} deleted users to remove", queued);
  co_return JobResult::Success();
}

Task<JobResult> UserRemoval::SyncUsage() {
  pg::Params params{nullptr};
  const pg::Result changed = co_await db_.Run(sql::kUserUsageSync, std::move(params));
  log::Info("Users", "quota usage corrected for {} users", changed.affected_rows());
  co_return JobResult::Success();
}

}  // namespace immich::admin_users
