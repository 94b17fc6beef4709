#include <memory>

#include "platform/config/environment.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/job_data.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/system_config.hpp"
#include "server/core/worker_context.hpp"
#include "server/objects/object_feature.hpp"
#include "server/objects/object_service.hpp"

namespace immich {

void RegisterObjects(FeatureContext& context) {
  auto view = std::make_shared<objects::ObjectView>(context.db, context.access);
  context.routes.On<api::GetAssetObjects>(
      [view](Call& call, api::GetAssetObjects::Input in) -> Task<std::vector<api::AssetObjectResponseDto>> {
        co_return co_await view->List(call.auth, AssetId(in.id));
      });
  context.routes.On<api::GetObjectLabels>(
      [view](Call& call, api::GetObjectLabels::Input) -> Task<std::vector<api::ObjectLabelResponseDto>> {
        co_return co_await view->Labels(call.auth);
      });
}

void RegisterObjectJobs(WorkerContext& context) {
  const std::string& model = context.environment.object_detection_model;
  if (model.empty()) return;
  auto detection = std::make_shared<objects::ObjectDetection>(context.db, context.jobs, context.ml, model);
  const auto is_on = [config = &context.config] { return config->current().machine_learning.enabled; };
  context.handlers.On("AssetDetectObjects", [detection, is_on](const queue::Job& job) -> Task<JobResult> {
    if (!is_on()) co_return JobResult::Skipped();
    const AssetId asset(ParseEntityJobData(job.data).id);
    co_return co_await detection->Detect(asset);
  });
  context.handlers.On("AssetDetectObjectsQueueAll", [detection, is_on](const queue::Job& job) -> Task<JobResult> {
    if (!is_on()) co_return JobResult::Skipped();
    const bool all = ParseJobData(job.data).force.value_or(false);
    co_return co_await detection->QueueAll(all);
  });
}

}  // namespace immich
