#pragma once

#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/job_sink.hpp"

namespace immich {
class MediaWorkers;
}

namespace immich::metadata {

/// Where the sidecar of an original may be, in the order they count: the stored path (if any), `<file>.<ext>.xmp`,
/// `<file>.xmp`.
std::vector<std::string> SidecarCandidates(const std::string& original_path, const std::string& stored_path);

/// XMP files beside originals: finds them and writes the user's changes into them. Originals are never modified.
class SidecarService {
 public:
  SidecarService(pg::Db& db, JobSink& jobs, MediaWorkers& media) : db_(db), jobs_(jobs), media_(media) {}

  /// Stores or clears the path of the asset's sidecar.
  Task<JobResult> Check(AssetId asset);
  /// Writes what the user changed and unlocks it: from now on extraction reads it from the sidecar. Skipped when there
  /// is nothing to write; throws InternalError when the file cannot be written (the changes stay locked then).
  Task<JobResult> Write(AssetId asset);
  /// Queues SidecarCheck for all assets, or for those without a sidecar.
  Task<JobResult> QueueAll(bool all);

 private:
  pg::Db& db_;
  JobSink& jobs_;
  MediaWorkers& media_;
};

}  // namespace immich::metadata
