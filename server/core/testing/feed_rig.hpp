#pragma once

#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>

#include "db/testing/migrated_database.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/row_feed.hpp"

namespace immich::testing {

/// A feed of changed rows that listens, and a second pool that stands for another process.
struct FeedRig {
  FeedRig(pg::Pool& pool, pg::Pool& other) : db(pool), elsewhere(other), feed(std::make_shared<RowFeed>(pool)) {
    feed->Start();
  }

  Task<bool> UntilCurrent() {
    for (int i = 0; i < 5000 && !feed->IsCurrent(); ++i) co_await SleepFor(std::chrono::milliseconds(1));
    co_return feed->IsCurrent();
  }
  /// Breaks the connections that listen; returns when that shows, before anybody can listen again.
  Task<void> EndListening() {
    co_await elsewhere.RunDynamic(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND query LIKE 'LISTEN%'");
    // Without letting the listening task run.
    for (int i = 0; i < 5000 && feed->IsCurrent(); ++i) ::usleep(1000);
  }

  pg::Pool& db;
  pg::Pool& elsewhere;
  std::shared_ptr<RowFeed> feed;
};

inline void WithFeed(const std::function<Task<void>(FeedRig&)>& body) {
  const MigratedDatabase database;
  WithPool(database, [&](pg::Pool& pool) -> Task<void> {
    pg::Pool other(pool.executor(), {.url = database.url()});
    FeedRig rig(pool, other);
    if (!co_await rig.UntilCurrent()) throw InternalError("the feed did not begin");
    co_await body(rig);
  });
}

}  // namespace immich::testing
