#include "server/core/media_workers.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <boost/asio/this_coro.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich {
namespace {

using media::EmbeddedVideoOrder;
using Outcome = std::optional<std::expected<media::EmbeddedVideoReport, media::Failure>>;

/// Processes this program has started and that still run.
std::vector<pid_t> Children() {
  std::vector<pid_t> pids;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(task.path() / "children");
    for (pid_t pid = 0; list >> pid;) pids.push_back(pid);
  }
  return pids;
}

EmbeddedVideoOrder CopyOf(const std::string& source, const std::string& target) {
  return {.source = source, .range = {0, 3}, .target = target};
}

/// An order that never ends: nobody writes to the pipe it reads.
EmbeddedVideoOrder Endless(const testing::TemporaryDirectory& folder) {
  const std::string pipe = folder / "pipe";
  mkfifo(pipe.c_str(), 0600);
  return CopyOf(pipe, folder / "out");
}

Task<void> RunInto(MediaWorkers& workers, EmbeddedVideoOrder order, Outcome& outcome) {
  outcome.emplace(co_await workers.Run(std::move(order)));
}

/// Suspends until `done`, at most ten seconds.
Task<bool> Until(std::function<bool()> done) {
  for (int i = 0; i < 1000; ++i) {
    if (done()) co_return true;
    co_await SleepFor(std::chrono::milliseconds(10));
  }
  co_return false;
}

TEST(MediaWorkersTest, CarriesOrdersOutOneAfterTheOther) {
  const testing::TemporaryDirectory folder;
  std::ofstream(folder / "source") << "abcdef";
  RunToCompletion([&]() -> Task<void> {
    MediaWorkers workers(co_await boost::asio::this_coro::executor, {});
    EXPECT_EQ(workers.children(), 0);
    for (int run = 0; run < 3; ++run) {
      EmbeddedVideoOrder order = CopyOf(folder / "source", folder / "out/target");
      const auto report = co_await workers.Run(std::move(order));
      EXPECT_TRUE(report.has_value());
      EXPECT_EQ(report->checksum.size(), 20);
      EXPECT_EQ(workers.children(), 1);
    }
    EXPECT_EQ(std::filesystem::file_size(folder / "out/target"), 3);
    co_await workers.Stop();
    EXPECT_TRUE(co_await Until([] { return Children().empty(); }));
  });
}

TEST(MediaWorkersTest, CrashCostsItsOwnOrder) {
  const testing::TemporaryDirectory folder;
  std::ofstream(folder / "source") << "abcdef";
  RunToCompletion([&]() -> Task<void> {
    const auto executor = co_await boost::asio::this_coro::executor;
    MediaWorkers workers(executor, {.program = {}, .max_children = 1});
    Outcome outcome;
    Spawn(executor, "order", RunInto(workers, Endless(folder), outcome));
    EXPECT_TRUE(co_await Until([&] { return workers.children() == 1; }));
    for (const pid_t pid : Children()) kill(pid, SIGSEGV);
    EXPECT_TRUE(co_await Until([&] { return outcome.has_value(); }));
    if (!outcome || outcome->has_value()) co_return;
    EXPECT_EQ(outcome->error().message, "decoder crashed (signal 11)");
    EmbeddedVideoOrder order = CopyOf(folder / "source", folder / "target");
    const auto next = co_await workers.Run(std::move(order));
    EXPECT_TRUE(next.has_value());
  });
}

TEST(MediaWorkersTest, TimeLimitEndsAnOrder) {
  const testing::TemporaryDirectory folder;
  RunToCompletion([&]() -> Task<void> {
    MediaWorkerOptions options;
    options.time_limit = std::chrono::milliseconds(200);
    MediaWorkers workers(co_await boost::asio::this_coro::executor, options);
    EmbeddedVideoOrder order = Endless(folder);
    const auto outcome = co_await workers.Run(std::move(order));
    EXPECT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().kind, media::FailureKind::kTimeout);
    EXPECT_EQ(outcome.error().message, "decoder exceeded its time limit");
  });
}

TEST(MediaWorkersTest, IdleChildrenEnd) {
  const testing::TemporaryDirectory folder;
  std::ofstream(folder / "source") << "abcdef";
  RunToCompletion([&]() -> Task<void> {
    MediaWorkerOptions options;
    options.idle_timeout = std::chrono::milliseconds(50);
    MediaWorkers workers(co_await boost::asio::this_coro::executor, options);
    for (int run = 0; run < 2; ++run) {
      EmbeddedVideoOrder order = CopyOf(folder / "source", folder / "target");
      const auto report = co_await workers.Run(std::move(order));
      EXPECT_TRUE(report.has_value());
      EXPECT_TRUE(co_await Until([&] { return workers.children() == 0 && Children().empty(); }));
    }
  });
}

TEST(MediaWorkersTest, NoMoreChildrenThanAllowed) {
  const testing::TemporaryDirectory folder;
  std::ofstream(folder / "source") << "abcdef";
  RunToCompletion([&]() -> Task<void> {
    const auto executor = co_await boost::asio::this_coro::executor;
    MediaWorkers workers(executor, {.program = {}, .max_children = 1});
    Outcome endless, waiting;
    Spawn(executor, "first", RunInto(workers, Endless(folder), endless));
    EXPECT_TRUE(co_await Until([&] { return workers.children() == 1; }));
    Spawn(executor, "second", RunInto(workers, CopyOf(folder / "source", folder / "target"), waiting));
    co_await SleepFor(std::chrono::milliseconds(50));
    EXPECT_EQ(workers.children(), 1);
    EXPECT_FALSE(waiting.has_value());
    // A writer that comes and goes lets the first order end, then it is the second one's turn.
    std::ofstream(folder / "pipe") << "xyz";
    EXPECT_TRUE(co_await Until([&] { return waiting.has_value(); }));
  });
}

TEST(MediaWorkersTest, MissingProgramIsSaid) {
  RunToCompletion([&]() -> Task<void> {
    MediaWorkers workers(co_await boost::asio::this_coro::executor, {.program = "/nowhere/immich-media-worker"});
    std::string reason;
    try {
      co_await workers.Run(EmbeddedVideoOrder{});
    } catch (const InternalError& error) {
      reason = error.detail();
    }
    EXPECT_NE(reason.find("/nowhere/immich-media-worker"), std::string::npos);
  });
}

}  // namespace
}  // namespace immich
