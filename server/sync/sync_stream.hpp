#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/auth_context.hpp"
#include "server/sync/sync_checkpoints.hpp"
#include "server/sync/sync_plan.hpp"

namespace immich::sync {

/// Takes blocks of complete lines; suspends while the client is slow.
using LineSink = std::function<Task<void>(std::string_view lines)>;

/// One run of the protocol for one session: everything the client has not acknowledged, as JSON lines (facts: sync).
/// Rows are read page by page, so that a slow client holds neither memory nor a connection.
class SyncStream {
 public:
  static constexpr std::int64_t kPageRows = 5000;
  static constexpr std::size_t kBlockBytes = 64 * 1024;
  /// Facts: sync, "Reset": a client that was away for longer begins anew.
  static constexpr std::chrono::days kMaxAway{30};

  SyncStream(pg::Db& db, UserId user, SessionId session) : db_(db), user_(user), session_(session) {}

  /// Reads what the session knows. Throws BadRequest for types that are gone.
  Task<void> Prepare(api::SyncStreamDto request);
  /// Call once, after Prepare.
  Task<void> Send(LineSink sink);

 private:
  struct Range;

  Task<void> Run(const Step& step);
  Task<void> RunBackfill(const Step& step);
  Task<void> RunAlbumCreates(const Step& step);
  Task<void> SendRows(const Step& step, Range range);
  Task<void> AddLine(Entity type, std::string_view data, std::string_view ack);
  Task<void> Flush();
  const Ack* FindAck(Entity entity) const;

  pg::Db& db_;
  const UserId user_;
  const SessionId session_;
  std::set<api::SyncRequestType> wanted_;
  Checkpoints checkpoints_;
  Uuid horizon_;
  bool must_reset_ = false;
  LineSink sink_;
  std::string block_;
};

}  // namespace immich::sync
