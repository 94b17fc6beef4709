#pragma once

#include <string>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/queue/job_queue.hpp"
#include "server/core/file_mover.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/storage_paths.hpp"

namespace immich::file_migration {

/// Moves the files made of assets and people to the places today's rules give them.
class FileMigrationService {
 public:
  FileMigrationService(pg::Pool& db, JobSink& jobs, queue::JobQueue& queues, const StoragePaths& paths)
      : db_(db), jobs_(jobs), queues_(queues), paths_(paths), mover_(db) {}

  /// Thumbnails and encoded video of an asset; files keep their format. Skipped when there are none.
  Task<JobResult> MigrateAsset(AssetId asset);
  Task<JobResult> MigratePerson(PersonId person);
  /// Removes folders that are empty (unless files are being made), then queues both jobs for everything.
  Task<JobResult> QueueAll();

 private:
  Task<void> RemoveEmpty();

  pg::Pool& db_;
  JobSink& jobs_;
  queue::JobQueue& queues_;
  const StoragePaths& paths_;
  FileMover mover_;
};

/// Where a file of `type` belongs; the extension is that of `path`. Empty for a type that has no place.
std::string PlaceOf(const StoragePaths& paths, UserId owner, AssetId asset, std::string_view type, bool is_edited,
                    std::string_view path);

}  // namespace immich::file_migration
