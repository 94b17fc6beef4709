#include <memory>

#include "api/jobs_api.hpp"
#include "api/queues_api.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/queues/queue_dto.hpp"
#include "server/queues/queue_feature.hpp"
#include "server/queues/queue_service.hpp"

namespace immich {

namespace {

using queues::QueueService;
using ServicePtr = std::shared_ptr<QueueService>;

void BindQueues(RouteBinder& routes, const ServicePtr& service) {
  routes.On<api::GetQueues>([service](Call&, api::GetQueues::Input) -> Task<std::vector<api::QueueResponseDto>> {
    co_return co_await service->List();
  });
  routes.On<api::GetQueue>([service](Call&, api::GetQueue::Input input) -> Task<api::QueueResponseDto> {
    co_return co_await service->Get(input.name);
  });
  routes.On<api::UpdateQueue>([service](Call&, api::UpdateQueue::Input input) -> Task<api::QueueResponseDto> {
    co_return co_await service->Update(input.name, input.body.is_paused);
  });
  routes.On<api::GetQueueJobs>(
      [service](Call&, api::GetQueueJobs::Input input) -> Task<std::vector<api::QueueJobResponseDto>> {
        co_return co_await service->ListJobs(input.name, std::move(input.status));
      });
  routes.On<api::EmptyQueue>([service](Call&, api::EmptyQueue::Input input) -> Task<void> {
    co_await service->Empty(input.name, input.body.failed.value_or(false));
  });
}

void BindJobs(RouteBinder& routes, const ServicePtr& service) {
  routes.On<api::GetQueuesLegacy>([service](Call&, api::GetQueuesLegacy::Input) -> Task<api::QueuesResponseLegacyDto> {
    const std::vector<api::QueueResponseDto> all = co_await service->List();
    co_return queues::ToLegacy(all);
  });
  routes.On<api::RunQueueCommandLegacy>(
      [service](Call&, api::RunQueueCommandLegacy::Input input) -> Task<api::QueueResponseLegacyDto> {
        co_await service->RunCommand(input.name, input.body.command, input.body.force);
        const api::QueueResponseDto queue = co_await service->Get(input.name);
        co_return queues::ToLegacy(queue);
      });
  routes.On<api::CreateJob>(
      [service](Call&, api::CreateJob::Input input) -> Task<void> { co_await service->RunManualJob(input.body.name); });
}

}  // namespace

void RegisterQueues(FeatureContext& context) {
  auto service = std::make_shared<QueueService>(context.queues, context.jobs);
  BindQueues(context.routes, service);
  BindJobs(context.routes, service);
}

}  // namespace immich
