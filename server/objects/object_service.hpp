#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/objects_api.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/ml_client.hpp"

namespace immich {
class Access;
class JobSink;
}  // namespace immich

namespace immich::objects {

/// Things seen in pictures, for clients.
class ObjectView {
 public:
  ObjectView(pg::Db& db, Access& access) : db_(db), access_(access) {}

  /// Most certain first; boxes in fractions of the edited picture, without what an edit cut off.
  Task<std::vector<api::AssetObjectResponseDto>> List(const AuthContext& auth, AssetId asset);
  /// What can be searched for in own and partners' timelines.
  Task<std::vector<api::ObjectLabelResponseDto>> Labels(const AuthContext& auth);

 private:
  pg::Db& db_;
  Access& access_;
};

/// Looks for things in pictures (docs/adr/0012).
class ObjectDetection {
 public:
  /// `model` as the machine-learning service knows it.
  ObjectDetection(pg::Pool& db, JobSink& jobs, std::shared_ptr<MlService> ml, std::string model)
      : db_(db), jobs_(jobs), ml_(std::move(ml)), model_(std::move(model)) {}

  /// Replaces what is known of the things in an asset's preview.
  Task<JobResult> Detect(AssetId asset);
  /// Queues AssetDetectObjects for all assets, or for those the model has not seen.
  Task<JobResult> QueueAll(bool all);

 private:
  pg::Pool& db_;
  JobSink& jobs_;
  std::shared_ptr<MlService> ml_;
  const std::string model_;
};

}  // namespace immich::objects
