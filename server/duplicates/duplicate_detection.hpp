#pragma once

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"

namespace immich {
class JobSink;
class SystemConfig;
}  // namespace immich

namespace immich::duplicates {

/// Groups assets that look alike (facts: assets, "Duplicates").
class DuplicateDetection {
 public:
  DuplicateDetection(pg::Pool& db, JobSink& jobs, SystemConfig& config) : db_(db), jobs_(jobs), config_(config) {}

  /// Compares an asset with its owner's others. Skipped for what is stacked, hidden, locked or gone; throws when there
  /// is no vector to compare.
  Task<JobResult> Detect(AssetId asset);
  /// Queues AssetDetectDuplicates for all assets with a vector, or for those that were not compared.
  Task<JobResult> QueueAll(bool all);

 private:
  pg::Pool& db_;
  JobSink& jobs_;
  SystemConfig& config_;
};

}  // namespace immich::duplicates
