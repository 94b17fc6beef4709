#include "server/core/session_registry.hpp"

#include "core_sql.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/secret.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/client_events.hpp"

namespace immich {

namespace {

std::vector<SessionId> ReadIds(const pg::Result& result) {
  std::vector<SessionId> ids;
  for (const pg::Row row : result) ids.push_back(row.Get<SessionId>(0));
  return ids;
}

Task<void> AnnounceLater(ClientEvents& events, std::vector<SessionId> ended) {
  co_await SleepFor(SessionRegistry::kAnnouncementDelay);
  for (const SessionId& id : ended) {
    std::vector<std::string> arguments{JsonId(id.value)};
    co_await events.ToSession(id, "on_session_delete", std::move(arguments));
  }
}

}  // namespace

Task<BegunSession> SessionRegistry::Begin(NewSession session) {
  BegunSession begun;
  begun.token = crypto::MakeToken();
  const crypto::Sha256Digest digest = crypto::HashSha256(begun.token);
  pg::Params params{pg::Bytes{digest},          session.user,   session.device.type, session.device.os,
                    session.device.app_version, session.parent, session.expires_at};
  const pg::Result made = co_await db_.Run(sql::kSessionInsert, std::move(params));
  begun.id = made[0].Get<SessionId>(0);
  begun.created_at = made[0].Get<TimePoint>(1);
  begun.updated_at = made[0].Get<TimePoint>(2);
  co_return begun;
}

Task<void> SessionRegistry::End(SessionId id) {
  pg::Params params{id};
  const pg::Result ended = co_await db_.Run(sql::kSessionDelete, std::move(params));
  Announce(ReadIds(ended));
}

Task<void> SessionRegistry::EndOthers(UserId user, std::optional<SessionId> stays) {
  pg::Params params{user, stays};
  const pg::Result ended = co_await db_.Run(sql::kSessionDeleteOthers, std::move(params));
  Announce(ReadIds(ended));
}

void SessionRegistry::Announce(std::vector<SessionId> ended) {
  if (ended.empty()) return;
  Spawn(executor_, "session-end", AnnounceLater(events_, std::move(ended)));
}

}  // namespace immich
