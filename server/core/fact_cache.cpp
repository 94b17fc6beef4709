#include "server/core/fact_cache.hpp"

#include <algorithm>

namespace immich {

namespace {

/// List node, both indexes and the control block, about.
constexpr std::size_t kEntryOverheadBytes = 320;

}  // namespace

FactCache::FactCache(std::shared_ptr<RowFeed> feed, std::size_t max_bytes)
    : feed_(std::move(feed)), max_bytes_(max_bytes) {
  if (feed_) feed_->Add(*this);
}

FactCache::~FactCache() {
  if (feed_) feed_->Remove(*this);
}

std::shared_ptr<const void> FactCache::FindAny(std::string_view key) {
  // First, because it takes in the changes that have arrived.
  if (!feed_ || !feed_->IsCurrent()) return nullptr;
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->fact;
}

void FactCache::Keep(RowFeed::Position asked_at, std::string key, std::shared_ptr<const void> fact,
                     std::vector<Uuid> rows, std::size_t bytes) {
  if (!feed_ || !feed_->IsCurrent()) return;
  if (std::ranges::any_of(rows, [&](const Uuid& row) { return feed_->HasChangedSince(asked_at, row); })) return;
  Forget(key);
  const std::size_t cost = kEntryOverheadBytes + key.size() + bytes;
  if (cost > max_bytes_) return;
  while (bytes_ + cost > max_bytes_) Erase(std::prev(entries_.end()));
  entries_.push_front({std::move(key), std::move(fact), std::move(rows), cost});
  const Position entry = entries_.begin();
  by_key_.emplace(entry->key, entry);
  for (const Uuid& row : entry->rows) by_row_.emplace(row, entry);
  bytes_ += cost;
}

void FactCache::Forget(std::string_view key) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) Erase(found->second);
}

void FactCache::OnChange(const Uuid& row) {
  for (auto found = by_row_.find(row); found != by_row_.end(); found = by_row_.find(row)) Erase(found->second);
}

void FactCache::OnAnyChange() {
  by_row_.clear();
  by_key_.clear();
  entries_.clear();
  bytes_ = 0;
}

void FactCache::Erase(Position entry) {
  for (const Uuid& row : entry->rows) {
    const auto [first, last] = by_row_.equal_range(row);
    const auto found = std::find_if(first, last, [&](const auto& indexed) { return indexed.second == entry; });
    if (found != last) by_row_.erase(found);
  }
  by_key_.erase(entry->key);
  bytes_ -= entry->cost;
  entries_.erase(entry);
}

}  // namespace immich
