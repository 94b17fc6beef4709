#pragma once

#include <string>
#include <vector>

#include "media/worker/media_protocol.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/job_sink.hpp"
#include "server/core/reverse_geocoder.hpp"
#include "server/core/storage_paths.hpp"
#include "server/metadata/live_photo_linker.hpp"
#include "server/metadata/metadata_store.hpp"
#include "server/metadata/motion_photo_service.hpp"

namespace immich {
class ClientEvents;
class MediaWorkers;
class SystemConfig;
struct WorkerContext;
}  // namespace immich

namespace immich::metadata {

/// Reads what files say of themselves into the database (facts: metadata).
class MetadataService {
 public:
  explicit MetadataService(WorkerContext& context);
  MetadataService(const MetadataService&) = delete;

  /// One statement to load, one order to a decoder child, one statement (or transaction) to store. Running it twice
  /// gives the same. Skipped for assets that are gone; throws InternalError with the reason when the file cannot be
  /// read.
  Task<JobResult> Extract(AssetId asset);
  /// Queues AssetExtractMetadata for all assets, or for those never read.
  Task<JobResult> QueueAll(bool all);

 private:
  Task<Place> FindPlace(const MetadataSource& source, const media::MetadataReport& report);
  /// False when the asset is gone.
  Task<bool> Store(const MetadataSource& source, const media::MetadataReport& report, Place place);

  pg::Pool& db_;
  JobSink& jobs_;
  const JobBinder& handlers_;
  SystemConfig& config_;
  MediaWorkers& media_;
  ReverseGeocoder geocoder_;
  LivePhotoLinker linker_;
  MotionPhotoService motion_;
};

}  // namespace immich::metadata
