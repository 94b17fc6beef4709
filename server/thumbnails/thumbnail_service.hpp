#pragma once

#include <optional>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/pending_files.hpp"
#include "server/core/storage_paths.hpp"
#include "server/thumbnails/thumbnail_store.hpp"

namespace immich {
class MediaWorkers;
class SystemConfig;
}  // namespace immich

namespace immich::thumbnails {

/// Makes preview, thumbnail, full-size picture and thumbhash of assets (facts: thumbnails).
class ThumbnailService {
 public:
  ThumbnailService(pg::Db& db, JobSink& jobs, SystemConfig& config, const StoragePaths& paths, MediaWorkers& media,
                   bool process_invalid)
      : db_(db), jobs_(jobs), config_(config), paths_(paths), media_(media), process_invalid_(process_invalid) {}

  /// Decode, store the files, then one statement for the rows. Running it twice gives the same. Skipped for assets that
  /// are gone or hidden; throws InternalError with the reason when the file cannot be decoded.
  Task<JobResult> Generate(AssetId asset);
  /// Queues AssetGenerateThumbnails for all assets, or for those that lack something, and PersonGenerateThumbnail
  /// alike.
  Task<JobResult> QueueAll(bool all);

 private:
  Task<void> Render(AssetId asset, const ThumbnailSource& source, bool is_edited, PendingFiles& files,
                    StoredThumbnails& stored);

  pg::Db& db_;
  JobSink& jobs_;
  SystemConfig& config_;
  const StoragePaths& paths_;
  MediaWorkers& media_;
  const bool process_invalid_;
};

}  // namespace immich::thumbnails
