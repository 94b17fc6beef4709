#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "platform/uuid/uuid.hpp"
#include "server/core/row_feed.hpp"

namespace immich {

/// Facts read from the database, kept in memory until PostgreSQL tells that one of their rows changed (docs/adr/0013).
/// Only what was found is kept, never that something is missing: a new row tells nobody. The least recently used make
/// room when `max_bytes` is reached. Without a feed nothing is kept. One event loop only.
///
///     if (auto known = facts.Find<Fact>(key)) co_return known;
///     const RowFeed::Position asked_at = facts.position();   // before the question
///     auto found = co_await Ask();
///     facts.Keep(asked_at, key, found, {rows it is made of}, sizeof(Fact));
class FactCache final : private RowFeed::Follower {
 public:
  FactCache(std::shared_ptr<RowFeed> feed, std::size_t max_bytes);
  ~FactCache() override;
  FactCache(const FactCache&) = delete;
  FactCache& operator=(const FactCache&) = delete;

  /// Null when it is not known. Facts of one key are of one type.
  template <class Fact>
  std::shared_ptr<const Fact> Find(std::string_view key) {
    return std::static_pointer_cast<const Fact>(FindAny(key));
  }
  RowFeed::Position position() const { return feed_ ? feed_->position() : 0; }
  /// Keeps `fact`, unless one of `rows` changed since `asked_at`. `bytes`: what it takes beside its entry.
  void Keep(RowFeed::Position asked_at, std::string key, std::shared_ptr<const void> fact, std::vector<Uuid> rows,
            std::size_t bytes);
  void Forget(std::string_view key);

  std::size_t bytes() const { return bytes_; }
  std::size_t size() const { return by_key_.size(); }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const void> fact;
    std::vector<Uuid> rows;
    std::size_t cost = 0;
  };
  using Position = std::list<Entry>::iterator;

  void OnChange(const Uuid& row) override;
  void OnAnyChange() override;
  std::shared_ptr<const void> FindAny(std::string_view key);
  void Erase(Position entry);

  std::shared_ptr<RowFeed> feed_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  /// Most recently used first.
  std::list<Entry> entries_;
  std::unordered_map<std::string_view, Position> by_key_;
  std::unordered_multimap<Uuid, Position> by_row_;
};

}  // namespace immich
