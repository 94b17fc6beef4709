#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/async/shared_calls.hpp"
#include "platform/async/task.hpp"
#include "platform/http/kept_body.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/ids.hpp"

namespace immich {

class QueryBuilder;
namespace pg {
class Db;
class Result;
}  // namespace pg

/// Answers made of the tables asset, asset_exif and stack, kept in memory and never stale: before one is given out
/// again, one indexed query asks whether a change to the owners' rows was committed since it was computed
/// (docs/adr/0011). One event loop only. The least recently used answers make room when `max_bytes` is reached.
class LibraryCache {
 public:
  using Body = http::KeptBody::Pointer;
  using Clock = std::chrono::steady_clock;

  static constexpr std::size_t kMaxBytes = 32 * 1024 * 1024;
  /// Older answers are computed anew; must be well below the 15 minutes that changes are kept
  /// (library_change_prune.sql).
  static constexpr std::chrono::minutes kMaxAge{5};
  static constexpr std::chrono::minutes kPruneInterval{1};

  explicit LibraryCache(pg::Db& db, std::size_t max_bytes = kMaxBytes) : db_(db), max_bytes_(max_bytes) {}

  /// The answer kept under `key`, or what `compute` returns. `owners`: whose rows the answer is made of; it must not
  /// depend on anything else that changes, be it rows of other tables or the clock.
  Task<Body> Get(std::string key, std::vector<UserId> owners, std::function<Task<std::string>()> compute);
  /// Get for the result of one statement; `kind` tells apart what is written from the same rows.
  Task<Body> Get(std::string_view kind, QueryBuilder query, std::vector<UserId> owners,
                 std::function<std::string(const pg::Result&)> write);
  /// Drops changes that no process needs any more; Get does it once a minute.
  Task<void> Prune();

  std::size_t bytes() const { return bytes_; }
  std::size_t size() const { return by_key_.size(); }

 private:
  /// What was committed when an answer was computed, or found to be still right.
  struct Stamp {
    std::string snapshot;
    TimePoint server_started_at;
    Clock::time_point asked_at;
  };
  struct Entry {
    std::string key;
    Body body;
    Stamp stamp;
  };

  Task<Body> GetOrCompute(std::string key, std::vector<UserId> owners, std::function<Task<std::string>()> compute);
  const Entry* Find(const std::string& key) const;
  void Put(Entry entry);
  void Erase(std::list<Entry>::iterator entry);
  void Renew(const std::string& key, const std::string& old_snapshot, Stamp stamp);

  pg::Db& db_;
  std::size_t max_bytes_;
  SharedCalls calls_;
  std::size_t bytes_ = 0;
  /// Most recently used first.
  std::list<Entry> entries_;
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
  std::optional<Clock::time_point> pruned_at_;
};

}  // namespace immich
