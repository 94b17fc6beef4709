#pragma once

#include <memory>
#include <string>
#include <utility>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"

namespace immich {
class JobSink;
class MlService;
class SystemConfig;
}  // namespace immich

namespace immich::smart_search {

/// Makes the vectors that smart search compares (facts: jobs, ml).
class EmbeddingService {
 public:
  EmbeddingService(pg::Pool& db, JobSink& jobs, SystemConfig& config, std::shared_ptr<MlService> ml)
      : db_(db), jobs_(jobs), config_(config), ml_(std::move(ml)) {}

  /// Encodes the preview of an asset. Skipped when smart search is off, for hidden assets and those that are gone;
  /// throws when there is no preview, the service fails, or the model was changed meanwhile.
  Task<JobResult> Encode(AssetId asset);
  /// Queues SmartSearch for all assets, after forgetting all vectors, or for those without one.
  Task<JobResult> QueueAll(bool all);
  /// Makes the database ready for the configured model: vectors of another one are forgotten, the column takes the
  /// length of the new ones. Nothing is queued. Cheap when nothing changed.
  Task<void> AdoptModel();

 private:
  pg::Pool& db_;
  JobSink& jobs_;
  SystemConfig& config_;
  std::shared_ptr<MlService> ml_;
  /// The model AdoptModel made the database ready for last.
  std::string adopted_;
};

}  // namespace immich::smart_search
