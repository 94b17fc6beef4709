#include <memory>

#include "api/sessions_api.hpp"
#include "api/users_admin_api.hpp"
#include "platform/log/log.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/session_registry.hpp"
#include "server/core/worker_context.hpp"
#include "server/sessions/session_feature.hpp"
#include "server/sessions/session_service.hpp"

namespace immich {

using Sessions = std::vector<api::SessionResponseDto>;

void RegisterSessions(FeatureContext& context) {
  RouteBinder& routes = context.routes;
  auto registry = std::make_shared<SessionRegistry>(context.executor, context.db, context.events);
  auto service = std::make_shared<sessions::SessionService>(context.db, std::move(registry));
  routes.On<api::GetSessions>([service](Call& call, api::GetSessions::Input) -> Task<Sessions> {
    co_return co_await service->List(call.auth, call.auth.user.id);
  });
  routes.On<api::GetUserSessionsAdmin>([service](Call& call, api::GetUserSessionsAdmin::Input in) -> Task<Sessions> {
    co_return co_await service->List(call.auth, UserId(in.id));
  });
  routes.On<api::CreateSession>(
      [service](Call& call, api::CreateSession::Input in) -> Task<api::SessionCreateResponseDto> {
        co_return co_await service->Create(call.auth, std::move(in.body));
      });
  routes.On<api::UpdateSession>([service](Call& call, api::UpdateSession::Input in) -> Task<api::SessionResponseDto> {
    co_return co_await service->Update(call.auth, SessionId(in.id), std::move(in.body));
  });
  routes.On<api::LockSession>([service](Call& call, api::LockSession::Input in) -> Task<void> {
    co_await service->Lock(call.auth, SessionId(in.id));
  });
  routes.On<api::DeleteSession>([service](Call& call, api::DeleteSession::Input in) -> Task<void> {
    co_await service->Delete(call.auth, SessionId(in.id));
  });
  routes.On<api::DeleteAllSessions>([service](Call& call, api::DeleteAllSessions::Input) -> Task<void> {
    co_await service->DeleteOthers(call.auth);
  });
}

void RegisterSessionJobs(WorkerContext& context) {
  context.handlers.On("SessionCleanup", [&db = context.db](const queue::Job&) -> Task<JobResult> {
    const std::int64_t deleted = co_await sessions::DeleteStaleSessions(db);
    log::Info("Sessions", "{} expired sessions deleted", deleted);
    co_return JobResult::Success();
  });
}

}  // namespace immich
