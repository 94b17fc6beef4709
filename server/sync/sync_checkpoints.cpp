#include "server/sync/sync_checkpoints.hpp"

#include <fmt/format.h>

#include "api/codec/contract_enum.hpp"
#include "platform/error/error.hpp"
#include "slice_sync_sql.hpp"

namespace immich::sync {

std::string FormatAck(Entity entity, const Uuid& update_id, std::string_view extra) {
  std::string ack = fmt::format("{}|{}", api::ToString(entity), update_id.ToString());
  if (!extra.empty()) ack.append("|").append(extra);
  return ack;
}

std::optional<Ack> ParseAck(std::string_view text) {
  const std::size_t first = text.find('|');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('|', first + 1);
  const auto id = Uuid::Parse(text.substr(first + 1, second == std::string_view::npos ? second : second - first - 1));
  if (!id) return std::nullopt;
  return Ack{*id, second == std::string_view::npos ? std::string() : std::string(text.substr(second + 1))};
}

Entity EntityOf(std::string_view text) {
  const std::string_view name = text.substr(0, text.find('|'));
  const auto entity = api::ParseEnum<Entity>(name);
  if (!entity) throw BadRequest(fmt::format("Invalid ack type: {}", name));
  return *entity;
}

Task<std::vector<api::SyncAckDto>> CheckpointStore::List(SessionId session) {
  pg::Params params{session};
  std::vector<api::SyncAckDto> acks;
  for (const pg::Row row : co_await db_.Run(sql::kSyncCheckpointList, std::move(params))) {
    const auto entity = api::ParseEnum<Entity>(row.Get<std::string_view>(0));
    if (!entity) continue;
    api::SyncAckDto& ack = acks.emplace_back();
    ack.type = *entity;
    ack.ack = row.Get<std::string>(1);
  }
  co_return acks;
}

Task<void> CheckpointStore::Set(SessionId session, const std::map<Entity, std::string>& acks) {
  if (acks.empty()) co_return;
  std::vector<std::string> types, texts;
  for (const auto& [entity, ack] : acks) {
    types.emplace_back(api::ToString(entity));
    texts.push_back(ack);
  }
  pg::Params params{session, types, texts};
  co_await db_.Run(sql::kSyncCheckpointUpsert, std::move(params));
}

Task<void> CheckpointStore::Delete(SessionId session, std::optional<std::vector<Entity>> entities) {
  std::optional<std::vector<std::string>> types;
  if (entities) {
    types.emplace();
    for (const Entity entity : *entities) types->emplace_back(api::ToString(entity));
  }
  pg::Params params{session, types};
  co_await db_.Run(sql::kSyncCheckpointDelete, std::move(params));
}

Task<void> CheckpointStore::Reset(SessionId session) {
  pg::Params params{session};
  co_await db_.Run(sql::kSyncSessionReset, std::move(params));
}

Task<bool> CheckpointStore::IsResetPending(SessionId session) {
  pg::Params params{session};
  const pg::Result found = co_await db_.Run(sql::kSyncResetPending, std::move(params));
  co_return !found.empty() && found[0].Get<bool>(0);
}

Task<Uuid> CheckpointStore::Horizon() {
  const pg::Result found = co_await db_.Run(sql::kSyncHorizonGet);
  co_return Uuid::Version7(UnixMilliseconds(found[0].Get<TimePoint>(0)));
}

}  // namespace immich::sync
