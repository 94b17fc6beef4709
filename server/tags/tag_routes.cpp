#include <memory>

#include "api/tags_api.hpp"
#include "server/core/access.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/worker_context.hpp"
#include "server/tags/tag_feature.hpp"
#include "server/tags/tag_service.hpp"

namespace immich {

namespace {

using Tag = api::TagResponseDto;
using Tags = std::vector<Tag>;
using Results = std::vector<api::BulkIdResponseDto>;
using Service = std::shared_ptr<tags::TagService>;

void BindTags(RouteBinder& routes, const Service& service) {
  routes.On<api::GetAllTags>(
      [service](Call& call, api::GetAllTags::Input) -> Task<Tags> { co_return co_await service->List(call.auth); });
  routes.On<api::GetTagById>([service](Call& call, api::GetTagById::Input in) -> Task<Tag> {
    co_return co_await service->Get(call.auth, TagId(in.id));
  });
  routes.On<api::CreateTag>([service](Call& call, api::CreateTag::Input in) -> Task<Tag> {
    co_return co_await service->Create(call.auth, std::move(in.body));
  });
  routes.On<api::UpsertTags>([service](Call& call, api::UpsertTags::Input in) -> Task<Tags> {
    co_return co_await service->Upsert(call.auth, std::move(in.body.tags));
  });
  routes.On<api::UpdateTag>([service](Call& call, api::UpdateTag::Input in) -> Task<Tag> {
    co_return co_await service->Update(call.auth, TagId(in.id), std::move(in.body));
  });
  routes.On<api::DeleteTag>([service](Call& call, api::DeleteTag::Input in) -> Task<void> {
    co_await service->Delete(call.auth, TagId(in.id));
  });
}

void BindTagging(RouteBinder& routes, const Service& service) {
  routes.On<api::TagAssets>([service](Call& call, api::TagAssets::Input in) -> Task<Results> {
    co_return co_await service->AddAssets(call.auth, TagId(in.id), std::move(in.body.ids));
  });
  routes.On<api::UntagAssets>([service](Call& call, api::UntagAssets::Input in) -> Task<Results> {
    co_return co_await service->RemoveAssets(call.auth, TagId(in.id), std::move(in.body.ids));
  });
  routes.On<api::BulkTagAssets>(
      [service](Call& call, api::BulkTagAssets::Input in) -> Task<api::TagBulkAssetsResponseDto> {
        api::TagBulkAssetsResponseDto response;
        response.count = co_await service->TagMany(call.auth, std::move(in.body.tag_ids), std::move(in.body.asset_ids));
        co_return response;
      });
}

}  // namespace

void RegisterTags(FeatureContext& context) {
  auto service = std::make_shared<tags::TagService>(context.db, context.access, context.jobs);
  BindTags(context.routes, service);
  BindTagging(context.routes, service);
}

void RegisterTagJobs(WorkerContext& context) {
  auto access = std::make_shared<Access>(context.db);
  auto service = std::make_shared<tags::TagService>(context.db, *access, context.jobs);
  context.handlers.On("TagCleanup", [service, access](const queue::Job&) -> Task<JobResult> {
    co_await service->CleanUp();
    co_return JobResult::Success();
  });
}

}  // namespace immich
