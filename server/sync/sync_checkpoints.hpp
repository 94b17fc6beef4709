#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/sync_types.hpp"
#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/ids.hpp"

namespace immich::sync {

using Entity = api::SyncEntityType;

/// How far a client has come with one entity: `<entity>|<update id>[|<extra>]`.
struct Ack {
  Uuid update_id;
  /// Of backfills: the last row's update id, or kComplete.
  std::string extra;
};
inline constexpr std::string_view kComplete = "complete";

std::string FormatAck(Entity entity, const Uuid& update_id, std::string_view extra = {});
/// nullopt for a text without an update id.
std::optional<Ack> ParseAck(std::string_view text);
/// The entity an acknowledgement is about. Throws BadRequest for unknown ones.
Entity EntityOf(std::string_view text);

using Checkpoints = std::map<Entity, Ack>;

/// session_sync_checkpoint, and session."isPendingSyncReset".
class CheckpointStore {
 public:
  explicit CheckpointStore(pg::Db& db) : db_(db) {}

  Task<std::vector<api::SyncAckDto>> List(SessionId session);
  /// Later ones of the same entity win.
  Task<void> Set(SessionId session, const std::map<Entity, std::string>& acks);
  /// All when `entities` is absent.
  Task<void> Delete(SessionId session, std::optional<std::vector<Entity>> entities);
  /// The client began anew: nothing is pending, nothing acknowledged.
  Task<void> Reset(SessionId session);
  Task<bool> IsResetPending(SessionId session);
  /// The upper end of what may be sent: everything below it is committed (time-ordered id).
  Task<Uuid> Horizon();

 private:
  pg::Db& db_;
};

}  // namespace immich::sync
