#include "platform/async/shared_calls.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>
#include <vector>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"

namespace immich {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Counts how often the work runs; every run gives the number of the run it was.
struct Rig {
  SharedCalls calls;
  int runs = 0;
  int running = 0;
  bool fails = false;
  std::vector<int> answers;
  int failures = 0;

  Task<void> Ask(std::string key) {
    try {
      SharedCalls::Turn turn = co_await calls.Enter(std::move(key));
      if (!turn.result()) turn.Finish(std::make_shared<const int>(co_await Work()));
      answers.push_back(*turn.result<int>());
    } catch (const InternalError&) {
      ++failures;
    }
  }

  Task<int> Work() {
    const int number = ++runs;
    ++running;
    co_await SleepFor(2ms);
    --running;
    if (fails) throw InternalError("no answer");
    co_return number;
  }

  Task<void> Settle(std::size_t count) {
    while (answers.size() + static_cast<std::size_t>(failures) < count) co_await SleepFor(1ms);
  }
};

TEST(SharedCallsTest, ThoseWhoComeWhileOneRunsShareTheNext) {
  RunToCompletion([]() -> Task<void> {
    Rig rig;
    const auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < 10; ++i) Spawn(executor, "Test", rig.Ask("a"));
    co_await rig.Settle(10);
    EXPECT_EQ(rig.runs, 2);
    EXPECT_EQ(rig.answers.front(), 1);
    EXPECT_EQ(rig.answers.back(), 2);
    co_await rig.Ask("a");
    EXPECT_EQ(rig.answers.back(), 3) << "nothing is kept";
  });
}

TEST(SharedCallsTest, NobodyGetsTheResultOfARunThatBeganBefore) {
  RunToCompletion([]() -> Task<void> {
    Rig rig;
    const auto executor = co_await asio::this_coro::executor;
    Spawn(executor, "Test", rig.Ask("a"));
    while (rig.running == 0) co_await SleepFor(0ms);
    co_await rig.Ask("a");
    EXPECT_EQ(rig.answers, (std::vector<int>{1, 2}));
  });
}

TEST(SharedCallsTest, OtherKeysDoNotWait) {
  RunToCompletion([]() -> Task<void> {
    Rig rig;
    const auto executor = co_await asio::this_coro::executor;
    Spawn(executor, "Test", rig.Ask("a"));
    Spawn(executor, "Test", rig.Ask("b"));
    while (rig.running < 2) co_await SleepFor(0ms);
    co_await rig.Settle(2);
    EXPECT_EQ(rig.runs, 2);
  });
}

TEST(SharedCallsTest, WhenOneFailsTheOthersTryForThemselves) {
  RunToCompletion([]() -> Task<void> {
    Rig rig;
    rig.fails = true;
    const auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < 4; ++i) Spawn(executor, "Test", rig.Ask("a"));
    co_await rig.Settle(4);
    EXPECT_EQ(rig.runs, 4);
    EXPECT_EQ(rig.failures, 4);
    rig.fails = false;
    co_await rig.Ask("a");
    EXPECT_EQ(rig.answers, (std::vector<int>{5}));
  });
}

TEST(SharedCallsTest, ACancelledCallerHoldsNobodyUp) {
  RunToCompletion([]() -> Task<void> {
    Rig rig;
    const auto executor = co_await asio::this_coro::executor;
    std::vector<asio::cancellation_signal> signals(4);
    int ended = 0;
    for (asio::cancellation_signal& signal : signals) {
      auto on_end = [&ended](const std::exception_ptr&) { ++ended; };
      asio::co_spawn(executor, rig.Ask("a"), asio::bind_cancellation_slot(signal.slot(), on_end));
    }
    while (rig.running == 0) co_await SleepFor(0ms);
    signals[0].emit(asio::cancellation_type::terminal);  // runs
    signals[1].emit(asio::cancellation_type::terminal);  // waits, and would have been the next to run
    co_await rig.Settle(2);
    while (ended < 4) co_await SleepFor(1ms);
    EXPECT_EQ(rig.answers.size(), 2u);
    EXPECT_EQ(rig.runs, 3) << "the first, and each of those that waited for the second";
  });
}

}  // namespace
}  // namespace immich
