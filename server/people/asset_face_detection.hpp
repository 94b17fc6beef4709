#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/ml_client.hpp"
#include "server/people/person_store.hpp"

namespace immich {
class JobSink;
class SystemConfig;
}  // namespace immich

namespace immich::people {

/// Finds faces in pictures (facts: people, "Detection").
class FaceDetection {
 public:
  FaceDetection(pg::Pool& db, JobSink& jobs, SystemConfig& config, std::shared_ptr<MlService> ml)
      : db_(db), jobs_(jobs), config_(config), ml_(std::move(ml)) {}

  /// Compares the faces in the preview of an asset with those known and queues FacialRecognition for new ones. Running
  /// it twice gives the same.
  Task<JobResult> Detect(AssetId asset);
  /// true: forgets all faces that machine learning found, and looks at everything; false: looks at what nobody looked
  /// at; absent: looks at everything again, keeping what is known.
  Task<JobResult> QueueAll(std::optional<bool> force);

 private:
  Task<std::vector<FaceId>> Store(AssetId asset, const FaceReading& reading);
  Task<void> ForgetAll();

  pg::Pool& db_;
  JobSink& jobs_;
  SystemConfig& config_;
  std::shared_ptr<MlService> ml_;
};

}  // namespace immich::people
