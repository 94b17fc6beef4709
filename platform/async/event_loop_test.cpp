#include "platform/async/event_loop.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>
#include <vector>

#include "platform/error/error.hpp"

namespace immich {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST(EventLoopTest, RunToCompletionRunsAndRethrows) {
  int runs = 0;
  RunToCompletion([&]() -> Task<void> {
    co_await SleepFor(1ms);
    ++runs;
  });
  EXPECT_EQ(runs, 1);
  EXPECT_THROW(RunToCompletion([]() -> Task<void> {
                 co_await SleepFor(1ms);
                 throw NotFound("nothing");
               }),
               NotFound);
}

TEST(EventLoopTest, SpawnedTasksRunBesideTheBody) {
  std::vector<int> order;
  RunToCompletion([&]() -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    const auto background = [&]() -> Task<void> {
      order.push_back(1);
      co_await SleepFor(1h);
      order.push_back(3);
    };
    Spawn(executor, "Test", background());
    co_await SleepFor(5ms);
    order.push_back(2);
  });
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(EventLoopTest, EscapedExceptionsAreLogged) {
  ::testing::internal::CaptureStdout();
  RunToCompletion([]() -> Task<void> {
    const auto fails = []() -> Task<void> {
      throw InternalError("pipe broke");
      co_return;
    };
    Spawn(co_await asio::this_coro::executor, "Sweeper", fails());
    co_await SleepFor(1ms);
  });
  const std::string out = ::testing::internal::GetCapturedStdout();
  EXPECT_NE(out.find("[server:Sweeper] Background task ended: pipe broke"), std::string::npos) << out;
}

Task<void> UsePermit(Semaphore& semaphore, std::vector<int>& order, int name, std::chrono::milliseconds time) {
  co_await semaphore.Acquire();
  order.push_back(name);
  co_await SleepFor(time);
  semaphore.Release();
}

TEST(SemaphoreTest, ServesInOrder) {
  std::vector<int> order;
  RunToCompletion([&]() -> Task<void> {
    Semaphore semaphore(1);
    const auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < 4; ++i) Spawn(executor, "Test", UsePermit(semaphore, order, i, 1ms));
    co_await SleepFor(0ms);
    EXPECT_EQ(semaphore.in_use(), 1u);
    EXPECT_EQ(semaphore.waiting(), 3u);
    co_await UsePermit(semaphore, order, 4, 0ms);
    EXPECT_EQ(semaphore.in_use(), 0u);
  });
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(SemaphoreTest, MorePermitsWakeWaitersFewerWait) {
  RunToCompletion([]() -> Task<void> {
    Semaphore semaphore(0);
    std::vector<int> order;
    const auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < 3; ++i) Spawn(executor, "Test", UsePermit(semaphore, order, i, 1h));
    co_await SleepFor(1ms);
    EXPECT_EQ(semaphore.waiting(), 3u);
    semaphore.SetPermits(2);
    co_await SleepFor(1ms);
    EXPECT_EQ(order, (std::vector<int>{0, 1}));
    semaphore.SetPermits(1);
    semaphore.Release();
    co_await SleepFor(1ms);
    EXPECT_EQ(order.size(), 2u);
    semaphore.Release();
    co_await SleepFor(1ms);
    EXPECT_EQ(order.size(), 3u);
  });
}

TEST(SemaphoreTest, CancelledWaiterLeavesTheQueue) {
  RunToCompletion([]() -> Task<void> {
    Semaphore semaphore(1);
    co_await semaphore.Acquire();
    asio::cancellation_signal cancel;
    std::exception_ptr failure;
    const auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(executor, semaphore.Acquire(),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error) { failure = error; }));
    co_await SleepFor(1ms);
    EXPECT_EQ(semaphore.waiting(), 1u);
    cancel.emit(asio::cancellation_type::terminal);
    co_await SleepFor(1ms);
    EXPECT_EQ(semaphore.waiting(), 0u);
    EXPECT_TRUE(failure);
    semaphore.Release();
    EXPECT_EQ(semaphore.in_use(), 0u);
    co_await semaphore.Acquire();
    EXPECT_EQ(semaphore.in_use(), 1u);
  });
}

TEST(SemaphoreTest, PermitReleasesItself) {
  RunToCompletion([]() -> Task<void> {
    Semaphore semaphore(1);
    {
      const Semaphore::Permit permit = co_await semaphore.AcquirePermit();
      EXPECT_EQ(semaphore.in_use(), 1u);
    }
    EXPECT_EQ(semaphore.in_use(), 0u);
    Semaphore::Permit first = co_await semaphore.AcquirePermit();
    Semaphore::Permit second = std::move(first);
    second.Reset();
    EXPECT_EQ(semaphore.in_use(), 0u);
  });
}

/// Waiters whose event loop ends give back nothing they did not have, and touch nothing that is gone.
TEST(SemaphoreTest, SurvivesItsWaitersAndItsLoop) {
  auto semaphore = std::make_unique<Semaphore>(1);
  std::vector<int> order;
  RunToCompletion([&]() -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < 3; ++i) Spawn(executor, "Test", UsePermit(*semaphore, order, i, 1h));
    co_await SleepFor(1ms);
  });
  EXPECT_EQ(semaphore->waiting(), 0u);
  EXPECT_EQ(order, (std::vector<int>{0}));
}

}  // namespace
}  // namespace immich
