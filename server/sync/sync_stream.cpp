#include "server/sync/sync_stream.hpp"

#include <fmt/format.h>

#include "api/codec/contract_enum.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"
#include "slice_sync_sql.hpp"

namespace immich::sync {

/// What part of a query's rows is sent, and how they are acknowledged.
struct SyncStream::Range {
  /// $1 of the query.
  Uuid whose;
  Uuid upper;
  Uuid after;
  /// $5 of album updates.
  std::optional<Uuid> known_until = std::nullopt;
  /// Of backfills: the partnership or membership.
  std::optional<Uuid> create_id = std::nullopt;
};

Task<void> SyncStream::Prepare(api::SyncStreamDto request) {
  for (const auto type : request.types) {
    if (!IsSupported(type)) throw BadRequest(fmt::format("{} is not supported any more", api::ToString(type)));
    wanted_.insert(type);
  }
  CheckpointStore store(db_);
  if (request.reset.value_or(false)) co_await store.Delete(session_, std::nullopt);
  must_reset_ = co_await store.IsResetPending(session_);
  for (const api::SyncAckDto& ack : co_await store.List(session_)) {
    if (auto parsed = ParseAck(ack.ack)) checkpoints_.emplace(ack.type, std::move(*parsed));
  }
  const Ack* complete = FindAck(Entity::kSyncCompleteV1);
  if (complete != nullptr && FromUnixMilliseconds(complete->update_id.unix_ms()) < Now() - kMaxAway) must_reset_ = true;
  horizon_ = co_await store.Horizon();
}

const Ack* SyncStream::FindAck(Entity entity) const {
  const auto found = checkpoints_.find(entity);
  return found == checkpoints_.end() ? nullptr : &found->second;
}

Task<void> SyncStream::Flush() {
  if (block_.empty()) co_return;
  co_await sink_(block_);
  block_.clear();
}

Task<void> SyncStream::AddLine(Entity type, std::string_view data, std::string_view ack) {
  block_ += R"({"type":)";
  json::AppendString(block_, api::ToString(type));
  block_.append(R"(,"data":)").append(data).append(R"(,"ack":)");
  json::AppendString(block_, ack);
  block_ += "}\n";
  if (block_.size() >= kBlockBytes) co_await Flush();
}

Task<void> SyncStream::SendRows(const Step& step, Range range) {
  const bool is_backfill = step.kind == Step::Kind::kBackfill;
  const std::string text = step.query.Text(is_backfill);
  std::string data;
  for (std::size_t rows = kPageRows; rows == kPageRows;) {
    pg::Params params{range.whose, range.upper, range.after, kPageRows};
    if (range.known_until) params.Add(*range.known_until);
    const pg::Result page = co_await db_.RunDynamic(text, std::move(params));
    rows = page.size();
    for (const pg::Row row : page) {
      range.after = row.Get<Uuid>(0);
      data.clear();
      step.query.shape.write(data, row, user_);
      const std::string ack = range.create_id ? FormatAck(step.entity, *range.create_id, range.after.ToString())
                                              : FormatAck(step.entity, range.after);
      co_await AddLine(step.entity, data, ack);
    }
  }
}

Task<void> SyncStream::RunBackfill(const Step& step) {
  const Ack* known = FindAck(step.entity);
  const Ack* main = FindAck(step.other);
  pg::Params params{user_, known != nullptr ? known->update_id : Uuid{}, horizon_};
  const pg::Result joined = co_await db_.Run(
      step.backfill == Backfill::kPartners ? sql::kSyncPartnersSince : sql::kSyncAlbumsSince, std::move(params));
  if (joined.empty()) co_return;
  if (main == nullptr) {
    // The first time the main stream brings everything; only what joins later is filled in.
    std::map<Entity, std::string> acks;
    acks.emplace(step.entity, FormatAck(step.entity, joined[joined.size() - 1].Get<Uuid>(1), kComplete));
    co_await CheckpointStore(db_).Set(session_, acks);
    co_return;
  }
  for (const pg::Row row : joined) {
    const Uuid create_id = row.Get<Uuid>(1);
    const bool is_begun = known != nullptr && known->update_id == create_id;
    if (is_begun && known->extra == kComplete) continue;
    Range range{.whose = row.Get<Uuid>(0), .upper = main->update_id, .after = Uuid{}, .create_id = create_id};
    if (is_begun) range.after = Uuid::Parse(known->extra).value_or(Uuid{});
    co_await SendRows(step, std::move(range));
    co_await AddLine(Entity::kSyncAckV1, "{}", FormatAck(step.entity, create_id, kComplete));
  }
}

Task<void> SyncStream::RunAlbumCreates(const Step& step) {
  const Ack* known = FindAck(step.entity);
  Range range{.whose = user_.value, .upper = horizon_, .after = known != nullptr ? known->update_id : Uuid{}};
  const std::string text = step.query.Text(false);
  pg::Params first{range.whose, range.upper, range.after, 1};
  if ((co_await db_.RunDynamic(text, std::move(first))).empty()) co_return;
  // What is sent now is as new as the horizon: the client needs no updates up to there.
  co_await AddLine(Entity::kSyncAckV1, "{}", FormatAck(step.other, horizon_));
  co_await SendRows(step, std::move(range));
}

Task<void> SyncStream::Run(const Step& step) {
  if (step.kind == Step::Kind::kBackfill) co_return co_await RunBackfill(step);
  if (step.kind == Step::Kind::kAlbumCreates) co_return co_await RunAlbumCreates(step);
  const Ack* known = FindAck(step.entity);
  Range range{.whose = user_.value, .upper = horizon_, .after = known != nullptr ? known->update_id : Uuid{}};
  if (step.kind == Step::Kind::kAlbumUpdates) {
    const Ack* creates = FindAck(step.other);
    if (creates == nullptr) co_return;
    range.known_until = creates->update_id;
  }
  co_await SendRows(step, std::move(range));
}

Task<void> SyncStream::Send(LineSink sink) {
  sink_ = std::move(sink);
  if (must_reset_) {
    co_await AddLine(Entity::kSyncResetV1, "{}", "SyncResetV1|reset");
    co_return co_await Flush();
  }
  for (const Handler& handler : SyncPlan()) {
    if (!wanted_.contains(handler.request)) continue;
    for (const Step& step : handler.steps) co_await Run(step);
  }
  co_await AddLine(Entity::kSyncCompleteV1, "{}", FormatAck(Entity::kSyncCompleteV1, horizon_));
  co_await Flush();
}

}  // namespace immich::sync
