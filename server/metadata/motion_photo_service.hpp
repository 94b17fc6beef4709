#pragma once

#include <optional>

#include "media/worker/media_protocol.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/storage_paths.hpp"
#include "server/metadata/live_photo_linker.hpp"
#include "server/metadata/metadata_store.hpp"

namespace immich {
class JobBinder;
class MediaWorkers;
}  // namespace immich

namespace immich::metadata {

/// Makes the video inside a motion photo an asset of its own, hidden behind the still (facts: metadata).
class MotionPhotoService {
 public:
  MotionPhotoService(pg::Pool& db, JobSink& jobs, const JobBinder& handlers, const StoragePaths& paths,
                     MediaWorkers& media, LivePhotoLinker& linker)
      : db_(db), jobs_(jobs), handlers_(handlers), paths_(paths), media_(media), linker_(linker) {}

  /// Extracting the same video again finds the asset made the first time. A video that cannot be extracted is logged:
  /// the still is good without it.
  Task<void> Apply(const MetadataSource& source, const media::MetadataReport& report);

 private:
  struct Extracted;
  /// The asset that holds the video, and whether it is new.
  Task<std::pair<AssetId, bool>> FindOrInsert(const MetadataSource& source, const media::MetadataReport& report,
                                              const Extracted& video);

  pg::Pool& db_;
  JobSink& jobs_;
  const JobBinder& handlers_;
  const StoragePaths& paths_;
  MediaWorkers& media_;
  LivePhotoLinker& linker_;
};

}  // namespace immich::metadata
