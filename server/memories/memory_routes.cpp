#include <memory>

#include "platform/time/time_point.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/worker_context.hpp"
#include "server/memories/memory_feature.hpp"
#include "server/memories/memory_maker.hpp"
#include "server/memories/memory_service.hpp"

namespace immich {

namespace {

using Memory = api::MemoryResponseDto;
using Results = std::vector<api::BulkIdResponseDto>;
using Service = std::shared_ptr<memories::MemoryService>;

void BindMemories(RouteBinder& routes, const Service& service) {
  routes.On<api::SearchMemories>([service](Call& call, api::SearchMemories::Input in) -> Task<std::vector<Memory>> {
    co_return co_await service->List(call.auth, std::move(in));
  });
  routes.On<api::MemoriesStatistics>(
      [service](Call& call, api::MemoriesStatistics::Input in) -> Task<api::MemoryStatisticsResponseDto> {
        api::MemoryStatisticsResponseDto statistics;
        statistics.total = co_await service->Count(call.auth, std::move(in));
        co_return statistics;
      });
  routes.On<api::GetMemory>([service](Call& call, api::GetMemory::Input in) -> Task<Memory> {
    co_return co_await service->Get(call.auth, MemoryId(in.id));
  });
  routes.On<api::CreateMemory>([service](Call& call, api::CreateMemory::Input in) -> Task<Memory> {
    co_return co_await service->Create(call.auth, std::move(in.body));
  });
  routes.On<api::UpdateMemory>([service](Call& call, api::UpdateMemory::Input in) -> Task<Memory> {
    co_return co_await service->Update(call.auth, MemoryId(in.id), std::move(in.body));
  });
  routes.On<api::DeleteMemory>([service](Call& call, api::DeleteMemory::Input in) -> Task<void> {
    co_await service->Delete(call.auth, MemoryId(in.id));
  });
}

void BindContents(RouteBinder& routes, const Service& service) {
  routes.On<api::AddMemoryAssets>([service](Call& call, api::AddMemoryAssets::Input in) -> Task<Results> {
    co_return co_await service->AddAssets(call.auth, MemoryId(in.id), std::move(in.body.ids));
  });
  routes.On<api::RemoveMemoryAssets>([service](Call& call, api::RemoveMemoryAssets::Input in) -> Task<Results> {
    co_return co_await service->RemoveAssets(call.auth, MemoryId(in.id), std::move(in.body.ids));
  });
}

}  // namespace

void RegisterMemories(FeatureContext& context) {
  auto service = std::make_shared<memories::MemoryService>(context.db, context.access);
  BindMemories(context.routes, service);
  BindContents(context.routes, service);
}

void RegisterMemoryJobs(WorkerContext& context) {
  auto maker = std::make_shared<memories::MemoryMaker>(context.db);
  context.handlers.On("MemoryGenerate", [maker](const queue::Job&) -> Task<JobResult> {
    co_await maker->Generate(Now());
    co_return JobResult::Success();
  });
  context.handlers.On("MemoryCleanup", [maker](const queue::Job&) -> Task<JobResult> {
    co_await maker->CleanUp(Now());
    co_return JobResult::Success();
  });
}

}  // namespace immich
