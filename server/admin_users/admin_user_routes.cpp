#include <memory>

#include "api/users_admin_api.hpp"
#include "server/admin_users/admin_user_feature.hpp"
#include "server/admin_users/admin_user_service.hpp"
#include "server/admin_users/user_removal.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/worker_context.hpp"

namespace immich {

using Account = api::UserAdminResponseDto;

void RegisterAdminUsers(FeatureContext& context) {
  RouteBinder& routes = context.routes;
  auto service = std::make_shared<admin_users::AdminUserService>(context.db, context.jobs, context.config);
  routes.On<api::SearchUsersAdmin>([service](Call&, api::SearchUsersAdmin::Input in) -> Task<std::vector<Account>> {
    co_return co_await service->Search(in);
  });
  routes.On<api::CreateUserAdmin>([service](Call&, api::CreateUserAdmin::Input in) -> Task<Account> {
    co_return co_await service->Create(std::move(in.body));
  });
  routes.On<api::GetUserAdmin>([service](Call&, api::GetUserAdmin::Input in) -> Task<Account> {
    co_return co_await service->Get(UserId(in.id));
  });
  routes.On<api::UpdateUserAdmin>([service](Call& call, api::UpdateUserAdmin::Input in) -> Task<Account> {
    co_return co_await service->Update(call.auth, UserId(in.id), std::move(in.body));
  });
  routes.On<api::DeleteUserAdmin>([service](Call& call, api::DeleteUserAdmin::Input in) -> Task<Account> {
    co_return co_await service->Delete(call.auth, UserId(in.id), in.body.force.value_or(false));
  });
  routes.On<api::RestoreUserAdmin>([service](Call&, api::RestoreUserAdmin::Input in) -> Task<Account> {
    co_return co_await service->Restore(UserId(in.id));
  });
  routes.On<api::GetUserStatisticsAdmin>(
      [service](Call& call, api::GetUserStatisticsAdmin::Input in) -> Task<api::AssetStatsResponseDto> {
        co_return co_await service->Statistics(call.auth, in);
      });
}

void RegisterAdminUserJobs(WorkerContext& context) {
  auto removal = std::make_shared<admin_users::UserRemoval>(context.db, context.jobs, context.events, context.config,
                                                            context.paths);
  context.handlers.On("UserDelete", [removal](const queue::Job& job) -> Task<JobResult> {
    co_return co_await removal->Remove(job.data);
  });
  context.handlers.On("UserDeleteCheck",
                      [removal](const queue::Job&) -> Task<JobResult> { co_return co_await removal->QueueDue(); });
  context.handlers.On("UserSyncUsage",
                      [removal](const queue::Job&) -> Task<JobResult> { co_return co_await removal->SyncUsage(); });
}

}  // namespace immich
