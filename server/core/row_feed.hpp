#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/uuid/uuid.hpp"

namespace immich {

namespace pg {
class Pool;
}

/// What PostgreSQL tells of changes to the rows that facts in memory are made of: sessions, API keys, users, assets and
/// their files (docs/adr/0013, db/migrations/0111_row_notices.sql). One event loop only.
class RowFeed : public std::enable_shared_from_this<RowFeed> {
 public:
  using Clock = std::chrono::steady_clock;
  /// Number of changes heard of so far.
  using Position = std::uint64_t;

  /// Notified of the rows that changed.
  class Follower {
   public:
    virtual ~Follower() = default;
    virtual void OnChange(const Uuid& row) = 0;
    /// Any row may have changed.
    virtual void OnAnyChange() = 0;
  };

  /// Silence of the connection after which it is asked whether it still stands, and after which nothing is believed.
  static constexpr std::chrono::milliseconds kRenewAfter{1000};
  static constexpr std::chrono::milliseconds kMaxSilence{5000};
  /// A request asks for several facts; what arrives within this time is taken in with the next look. PostgreSQL takes
  /// longer to send it.
  static constexpr std::chrono::microseconds kLookEvery{20};
  /// Changes that are remembered for answers under way.
  static constexpr std::size_t kRememberedChanges = 256;

  explicit RowFeed(pg::Pool& db) : db_(db) {}

  /// Begins to listen. Facts may be kept once a sign that was sent over another connection has come back.
  void Start();
  /// Takes in what has arrived until kLookEvery ago; true when facts in memory are known to be right, as far as
  /// PostgreSQL has told.
  bool IsCurrent();
  /// Afterwards everything is taken in that was committed before the call. Nothing to wait for when nobody listens.
  Task<void> CatchUp();

  Position position() const { return position_; }
  /// Whether an answer to a question asked at `position` may be outdated as far as `row` is concerned.
  bool HasChangedSince(Position position, const Uuid& row) const;

  void Add(Follower& follower) { followers_.push_back(&follower); }
  void Remove(Follower& follower) { std::erase(followers_, &follower); }

 private:
  void OnPayload(std::string_view payload);
  void OnListening();
  void OnLost();
  void ForgetAll();
  static Task<void> Confirm(std::shared_ptr<RowFeed> self, std::string sign);
  static Task<void> Renew(std::shared_ptr<RowFeed> self);

  pg::Pool& db_;
  std::vector<Follower*> followers_;
  /// The sign waited for; a new one with each connection.
  std::string sign_;
  bool is_confirmed_ = false;
  bool is_renewing_ = false;
  Clock::time_point looked_at_;
  Clock::time_point heard_at_;
  Position position_ = 0;
  /// The last changes; the first of them moved the feed on from first_position_.
  std::deque<Uuid> changes_;
  Position first_position_ = 0;
};

}  // namespace immich
