#include "platform/async/blocking.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"

namespace immich {
namespace {

using namespace std::chrono_literals;

TEST(BlockingTest, RunsOnAnotherThreadAndComesBack) {
  RunToCompletion([]() -> Task<void> {
    const std::thread::id loop = std::this_thread::get_id();
    const std::thread::id worker = co_await RunBlocking([] { return std::this_thread::get_id(); });
    EXPECT_NE(worker, loop);
    EXPECT_EQ(std::this_thread::get_id(), loop);
  });
}

TEST(BlockingTest, ReturnsMoveOnlyResultsAndVoid) {
  RunToCompletion([]() -> Task<void> {
    const std::unique_ptr<std::string> text =
        co_await RunBlocking([owned = std::make_unique<std::string>("abc")]() mutable { return std::move(owned); });
    EXPECT_EQ(*text, "abc");
    bool ran = false;
    co_await RunBlocking([&ran] { ran = true; });
    EXPECT_TRUE(ran);
  });
}

TEST(BlockingTest, RethrowsOnTheLoop) {
  RunToCompletion([]() -> Task<void> {
    std::string message;
    try {
      co_await RunBlocking([]() -> int { throw BadRequest("no such thing"); });
    } catch (const BadRequest& error) {
      message = error.what();
    }
    EXPECT_EQ(message, "no such thing");
  });
}

TEST(BlockingTest, TheLoopGoesOnMeanwhile) {
  RunToCompletion([]() -> Task<void> {
    std::promise<void> started;
    std::promise<void> finish;
    bool finished = false;
    const auto background = [&]() -> Task<void> {
      co_await RunBlocking([&] {
        started.set_value();
        finish.get_future().wait();
      });
      finished = true;
    };
    Spawn(co_await boost::asio::this_coro::executor, "Test", background());
    co_await SleepFor(1ms);
    started.get_future().wait();
    EXPECT_FALSE(finished);
    finish.set_value();
    while (!finished) co_await SleepFor(1ms);
  });
}

/// A loop that ends while its work still runs waits for it: the work may use what the caller owns.
TEST(BlockingTest, WorkOutlivesACallerThatIsDropped) {
  std::atomic<bool> finished = false;
  RunToCompletion([&]() -> Task<void> {
    const auto background = [&]() -> Task<void> {
      co_await RunBlocking([&] {
        std::this_thread::sleep_for(50ms);
        finished = true;
      });
    };
    Spawn(co_await boost::asio::this_coro::executor, "Test", background());
    co_await SleepFor(1ms);
  });
  EXPECT_TRUE(finished);
}

TEST(BlockingTest, PoolCanBeStoppedAndStartedAgain) {
  StopBlockingPool();
  StartBlockingPool(1);
  RunToCompletion([]() -> Task<void> {
    const int value = co_await RunBlocking([] { return 7; });
    EXPECT_EQ(value, 7);
  });
  StopBlockingPool();
  RunToCompletion([]() -> Task<void> {
    const int value = co_await RunBlocking([] { return 8; });
    EXPECT_EQ(value, 8);
  });
  StopBlockingPool();
}

}  // namespace
}  // namespace immich
