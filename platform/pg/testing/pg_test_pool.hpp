#pragma once

#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "platform/async/event_loop.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich::pg {

/// URL of the database the tests of this folder share.
std::string TestUrl();

inline PoolOptions TestOptions() {
  PoolOptions options;
  options.url = TestUrl();
  return options;
}

/// Runs `body` on an event loop of its own with a pool.
inline void WithPool(const std::function<Task<void>(Pool&)>& body, PoolOptions options = TestOptions()) {
  RunToCompletion([&]() -> Task<void> {
    Pool pool(co_await boost::asio::this_coro::executor, options);
    co_await body(pool);
  });
}

/// Polls until `condition` holds; false after five seconds.
inline Task<bool> Eventually(std::function<Task<bool>()> condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!co_await condition()) {
    if (std::chrono::steady_clock::now() > end) co_return false;
    co_await SleepFor(std::chrono::milliseconds(10));
  }
  co_return true;
}

}  // namespace immich::pg
