// What Add acknowledged is there after Redis was killed and started again on its append-only file.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <set>

#include "platform/process/child_process.hpp"
#include "platform/process/embedded_redis.hpp"
#include "platform/queue/testing/queue_test_bench.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::queue {
namespace {

/// Syncs at each write: with `everysec` even a killed process may lose acknowledged writes, because Redis holds writes
/// back while a sync is under way.
process::ChildProcess StartDurableRedis(const testing::TemporaryDirectory& directory) {
  process::ChildOptions program{.program = process::FindRedisProgram()};
  program.arguments = {"--port",        "0",      "--unixsocket", directory / "redis.sock",
                       "--save",        "",       "--appendonly", "yes",
                       "--appendfsync", "always", "--dir",        directory.path(),
                       "--loglevel",    "warning"};
  program.output = {process::Stream::Kind::kNull};
  return process::ChildProcess::Start(program);
}

/// Adds a job with an id of its own until that is acknowledged.
Task<void> AddForSure(JobQueue& jobs, int number) {
  for (bool added = false; !added;) {
    try {
      co_await jobs.Add(MakeJob(fmt::format("{}", number), WithId(fmt::format("id {}", number))));
      added = true;
    } catch (const Unavailable&) {
      // Lost with the connection, perhaps after it was stored.
    }
  }
}

TEST(QueueDurabilityTest, JobsSurviveAKilledRedis) {
  const testing::TemporaryDirectory directory;
  process::ChildProcess server = StartDurableRedis(directory);
  RunToCompletion([&]() -> Task<void> {
    const auto executor = co_await boost::asio::this_coro::executor;
    redis::Options options;
    options.socket_path = directory / "redis.sock";
    redis::Client client(executor, options);
    JobQueue jobs(client);
    QueueRuntime runtime(executor, options);
    std::multiset<std::string> runs;
    QueueWorker worker(runtime, WorkerOf(4, milliseconds(600)), [&](const Job& job) -> Task<JobStatus> {
      runs.insert(job.name);
      co_await SleepFor(milliseconds(5));
      co_return JobStatus::kSuccess;
    });
    worker.Start();
    std::vector<NewJob> first;
    for (int i = 0; i < 200; ++i) first.push_back(MakeJob(fmt::format("{}", i), WithId(fmt::format("id {}", i))));
    co_await jobs.AddAll(std::move(first));
    EXPECT_TRUE(co_await Eventually([&] { return runs.size() >= 20; }));
    // Killed while jobs are taken and finished.
    EXPECT_LT(runs.size(), 200U);
    server.Signal(SIGKILL);
    server.WaitBlocking(std::chrono::seconds(10));
    unlink((directory / "redis.sock").c_str());
    server = StartDurableRedis(directory);
    for (int i = 200; i < 300; ++i) co_await AddForSure(jobs, i);
    EXPECT_TRUE(co_await Eventually([&] { return std::set(runs.begin(), runs.end()).size() == 300; }));
    co_await worker.Stop(milliseconds(2000));
    const QueueCounts counts = co_await jobs.Counts(kQueue);
    EXPECT_EQ(counts.waiting + counts.active + counts.failed, 0);
    // No id is left behind.
    const redis::Reply ids = co_await client.Run({"HLEN", fmt::format("immich_queue:{{{}}}:ids", kQueue)});
    EXPECT_EQ(ids.integer, 0);
  });
}

}  // namespace
}  // namespace immich::queue
