#include "server/core/library_cache.hpp"

#include <utility>

#include "core_sql.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/query_builder.hpp"

namespace immich {

namespace {

constexpr std::size_t kEntryOverheadBytes = 256;

std::size_t CostOf(std::string_view key, std::string_view body) {
  return key.size() + body.size() + kEntryOverheadBytes;
}

}  // namespace

Task<LibraryCache::Body> LibraryCache::Get(std::string key, std::vector<UserId> owners,
                                           std::function<Task<std::string>()> compute) {
  // Those that ask the same at the same time share the question to the database and, after a change, the work.
  SharedCalls::Turn turn = co_await calls_.Enter(key);
  if (!turn.result()) turn.Finish(co_await GetOrCompute(std::move(key), std::move(owners), std::move(compute)));
  co_return turn.result<http::KeptBody>();
}

Task<LibraryCache::Body> LibraryCache::GetOrCompute(std::string key, std::vector<UserId> owners,
                                                    std::function<Task<std::string>()> compute) {
  if (!pruned_at_ || Clock::now() - *pruned_at_ > kPruneInterval) co_await Prune();
  std::optional<Entry> kept;
  if (const Entry* entry = Find(key)) kept = *entry;
  Stamp stamp;
  stamp.asked_at = Clock::now();
  const auto known = kept ? std::optional(kept->stamp.snapshot) : std::nullopt;
  pg::Params params{owners, known};
  const pg::Result asked = co_await db_.Run(sql::kLibraryStampGet, std::move(params));
  stamp.snapshot = asked[0].Get<std::string>(0);
  stamp.server_started_at = asked[0].Get<TimePoint>(1);
  const bool has_changed = asked[0].Get<bool>(2);
  const bool is_valid = kept && !has_changed && kept->stamp.server_started_at == stamp.server_started_at &&
                        stamp.asked_at - kept->stamp.asked_at < kMaxAge;
  if (is_valid) {
    Renew(key, kept->stamp.snapshot, std::move(stamp));
    co_return kept->body;
  }
  // The stamp is older than the answer, never younger: what is committed in between counts as a change.
  auto body = std::make_shared<const http::KeptBody>(co_await compute());
  Put({std::move(key), body, std::move(stamp)});
  co_return body;
}

Task<LibraryCache::Body> LibraryCache::Get(std::string_view kind, QueryBuilder query, std::vector<UserId> owners,
                                           std::function<std::string(const pg::Result&)> write) {
  std::string key = std::string(kind) + '\0' + query.Key();
  const auto compute = [this, &query, &write]() -> Task<std::string> {
    const pg::Result rows = co_await db_.RunDynamic(query.TakeText(), query.TakeParams());
    co_return write(rows);
  };
  co_return co_await Get(std::move(key), std::move(owners), compute);
}

Task<void> LibraryCache::Prune() {
  pruned_at_ = Clock::now();
  co_await db_.Run(sql::kLibraryChangePrune);
}

const LibraryCache::Entry* LibraryCache::Find(const std::string& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &*found->second;
}

void LibraryCache::Renew(const std::string& key, const std::string& old_snapshot, Stamp stamp) {
  const auto found = by_key_.find(key);
  // Another request may have put a newer answer there in the meantime: the stamp is not about that one.
  if (found == by_key_.end() || found->second->stamp.snapshot != old_snapshot) return;
  found->second->stamp = std::move(stamp);
  entries_.splice(entries_.begin(), entries_, found->second);
}

void LibraryCache::Put(Entry entry) {
  if (const auto found = by_key_.find(entry.key); found != by_key_.end()) Erase(found->second);
  const std::size_t cost = CostOf(entry.key, entry.body->text());
  if (cost > max_bytes_) return;
  while (bytes_ + cost > max_bytes_) Erase(std::prev(entries_.end()));
  entries_.push_front(std::move(entry));
  by_key_.emplace(entries_.front().key, entries_.begin());
  bytes_ += cost;
}

void LibraryCache::Erase(std::list<Entry>::iterator entry) {
  bytes_ -= CostOf(entry->key, entry->body->text());
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace immich
