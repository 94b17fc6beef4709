#include "server/core/row_feed.hpp"

#include <algorithm>

#include "core_sql.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich {

namespace {

constexpr std::string_view kChannel = "plus_row";
constexpr std::string_view kAnyRow = "*";
constexpr std::chrono::milliseconds kConfirmRetry{1000};

}  // namespace

void RowFeed::Start() {
  const std::weak_ptr<RowFeed> weak = weak_from_this();
  db_.Listen(
      std::string(kChannel),
      [weak](std::string_view payload) {
        if (const auto self = weak.lock()) self->OnPayload(payload);
      },
      [weak] {
        if (const auto self = weak.lock()) self->OnListening();
      },
      [weak] {
        if (const auto self = weak.lock()) self->OnLost();
      });
}

bool RowFeed::IsCurrent() {
  if (!is_confirmed_) return false;
  const auto now = Clock::now();
  if (now - looked_at_ > kLookEvery) {
    if (!db_.TakeNotifications()) return false;
    looked_at_ = now;
  }
  const auto silence = now - heard_at_;
  if (silence > kRenewAfter && !is_renewing_) {
    is_renewing_ = true;
    Spawn(db_.executor(), "row feed", Renew(shared_from_this()));
  }
  return is_confirmed_ && silence < kMaxSilence;
}

Task<void> RowFeed::CatchUp() {
  if (!is_confirmed_) co_return;
  const auto self = shared_from_this();
  const auto asked_at = Clock::now();
  if (co_await db_.CatchUpWithNotifications()) heard_at_ = asked_at;
}

bool RowFeed::HasChangedSince(Position position, const Uuid& row) const {
  if (position < first_position_) return true;
  const auto first = changes_.begin() + static_cast<std::ptrdiff_t>(position - first_position_);
  return std::find(first, changes_.end(), row) != changes_.end();
}

void RowFeed::OnPayload(std::string_view payload) {
  heard_at_ = Clock::now();
  if (payload == kAnyRow) {
    ForgetAll();
  } else if (const auto row = Uuid::Parse(payload)) {
    ++position_;
    changes_.push_back(*row);
    if (changes_.size() > kRememberedChanges) {
      changes_.pop_front();
      ++first_position_;
    }
    for (Follower* follower : followers_) follower->OnChange(*row);
  } else if (payload == sign_) {
    is_confirmed_ = true;
  }
}

void RowFeed::OnListening() {
  OnLost();
  sign_ = "sign " + Uuid::Random().ToString();
  Spawn(db_.executor(), "row feed", Confirm(shared_from_this(), sign_));
}

void RowFeed::OnLost() {
  is_confirmed_ = false;
  sign_.clear();
  ForgetAll();
}

void RowFeed::ForgetAll() {
  // Answers under way are of before the change, whatever it was.
  first_position_ = ++position_;
  changes_.clear();
  for (Follower* follower : followers_) follower->OnAnyChange();
}

/// Sends the sign over another connection until it can be sent or is out of date. A pooler that hands its connections
/// from one client to the other, or missing triggers, leave it unanswered: then no fact is kept.
Task<void> RowFeed::Confirm(std::shared_ptr<RowFeed> self, std::string sign) {
  while (self->sign_ == sign) {
    try {
      pg::Params params{sign};
      const pg::Result sent = co_await self->db_.Run(sql::kRowNoticeProbe, std::move(params));
      if (sent.empty()) log::Warn("Database", "Triggers of the schema plus are missing: nothing is kept in memory");
      co_return;
    } catch (const Error&) {
      // The pool has reported it.
    }
    co_await SleepFor(kConfirmRetry);
  }
}

Task<void> RowFeed::Renew(std::shared_ptr<RowFeed> self) {
  co_await self->CatchUp();
  self->is_renewing_ = false;
}

}  // namespace immich
