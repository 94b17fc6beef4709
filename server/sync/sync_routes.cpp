#include <chrono>
#include <memory>

#include "api/sync_api.hpp"
#include "platform/error/error.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/worker_context.hpp"
#include "server/sync/sync_feature.hpp"
#include "server/sync/sync_stream.hpp"
#include "slice_sync_sql.hpp"

namespace immich {

namespace {

using sync::CheckpointStore;

// Facts: sync: one day more than a client may be away.
constexpr std::chrono::days kKeepDeletionsFor{31};

SessionId SessionOf(const AuthContext& auth) {
  if (!auth.session) throw Forbidden("Sync endpoints cannot be used with API keys");
  return auth.session->id;
}

Task<void> Acknowledge(pg::Db& db, SessionId session, std::vector<std::string> texts) {
  std::map<sync::Entity, std::string> acks;
  for (std::string& text : texts) {
    const sync::Entity entity = sync::EntityOf(text);
    if (entity == sync::Entity::kSyncResetV1) co_return co_await CheckpointStore(db).Reset(session);
    acks[entity] = std::move(text);
  }
  co_await CheckpointStore(db).Set(session, acks);
}

Task<http::Response> StreamChanges(pg::Db& db, const AuthContext& auth, api::SyncStreamDto request) {
  auto stream = std::make_shared<sync::SyncStream>(db, auth.user.id, SessionOf(auth));
  co_await stream->Prepare(std::move(request));
  http::StreamBody body = [stream](http::BodyWriter& writer) -> Task<void> {
    sync::LineSink sink = [&writer](std::string_view lines) -> Task<void> { co_await writer.Write(lines); };
    co_await stream->Send(std::move(sink));
  };
  co_return http::Response::Stream(std::string(api::GetSyncStream::kRoute.content_type), std::move(body));
}

}  // namespace

void RegisterSync(FeatureContext& context) {
  RouteBinder& routes = context.routes;
  pg::Pool& db = context.db;
  routes.OnResponse<api::GetSyncStream>([&db](Call& call, api::GetSyncStream::Input in) -> Task<http::Response> {
    co_return co_await StreamChanges(db, call.auth, std::move(in.body));
  });
  routes.On<api::GetSyncAck>([&db](Call& call, api::GetSyncAck::Input) -> Task<std::vector<api::SyncAckDto>> {
    co_return co_await CheckpointStore(db).List(SessionOf(call.auth));
  });
  routes.On<api::SendSyncAck>([&db](Call& call, api::SendSyncAck::Input in) -> Task<void> {
    co_await Acknowledge(db, SessionOf(call.auth), std::move(in.body.acks));
  });
  routes.On<api::DeleteSyncAck>([&db](Call& call, api::DeleteSyncAck::Input in) -> Task<void> {
    co_await CheckpointStore(db).Delete(SessionOf(call.auth), std::move(in.body.types));
  });
}

void RegisterSyncJobs(WorkerContext& context) {
  pg::Pool& db = context.db;
  context.handlers.On("AuditTableCleanup", [&db](const queue::Job&) -> Task<JobResult> {
    pg::Params params{Now() - kKeepDeletionsFor};
    co_await db.Run(sql::kSyncAuditPrune, std::move(params));
    co_return JobResult::Success();
  });
}

}  // namespace immich
