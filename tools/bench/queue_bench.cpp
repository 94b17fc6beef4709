// Measures platform/redis and platform/queue from one thread. usage: queue_bench REDIS_SOCKET [jobs]
#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <cstdlib>

#include "platform/async/event_loop.hpp"
#include "platform/queue/job_queue.hpp"
#include "platform/queue/queue_worker.hpp"
#include "platform/redis/redis_client.hpp"

namespace immich {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

void Report(std::string_view name, std::size_t count, Clock::time_point start, std::clock_t cpu_start) {
  const double seconds = Seconds(Clock::now() - start).count();
  const double cpu_us = static_cast<double>(std::clock() - cpu_start) * 1e6 / CLOCKS_PER_SEC;
  fmt::print("{:28} {:8.0f} /s {:6.1f} us CPU each\n", name, static_cast<double>(count) / seconds,
             cpu_us / static_cast<double>(count));
}

queue::NewJob MakeJob() {
  queue::NewJob job;
  job.queue = "bench";
  job.name = "AssetGenerateThumbnails";
  job.data = R"({"id":"0190163d-8694-739b-aea5-966c26f8ad91","source":"upload"})";
  return job;
}

Task<void> MeasureCommands(redis::Client& client, std::size_t count, std::size_t coroutines) {
  const auto executor = co_await boost::asio::this_coro::executor;
  std::size_t left = coroutines;
  auto run = [&]() -> Task<void> {
    for (std::size_t i = 0; i < count / coroutines; ++i) co_await client.Run({"PING"});
    --left;
  };
  const auto start = Clock::now();
  const auto cpu = std::clock();
  for (std::size_t i = 0; i < coroutines; ++i) Spawn(executor, "Bench", run());
  while (left > 0) co_await SleepFor(std::chrono::milliseconds(2));
  Report(fmt::format("commands, {} coroutines", coroutines), count, start, cpu);
}

Task<void> MeasureJobs(redis::Client& client, queue::QueueRuntime& runtime, std::size_t count,
                       std::size_t concurrency) {
  queue::JobQueue jobs(client);
  auto start = Clock::now();
  auto cpu = std::clock();
  co_await jobs.AddAll(std::vector<queue::NewJob>(count, MakeJob()));
  if (concurrency == 1) Report("add in batches", count, start, cpu);
  std::size_t done = 0;
  auto handler = [](const queue::Job&) -> Task<queue::JobStatus> { co_return queue::JobStatus::kSuccess; };
  auto observer = [&](const queue::Job&, queue::JobStatus, std::chrono::microseconds) { ++done; };
  queue::WorkerOptions options;
  options.queue = "bench";
  options.concurrency = concurrency;
  queue::QueueWorker worker(runtime, options, handler, observer);
  start = Clock::now();
  cpu = std::clock();
  worker.Start();
  while (done < count) co_await SleepFor(std::chrono::milliseconds(2));
  Report(fmt::format("no-op jobs, concurrency {}", concurrency), count, start, cpu);
  co_await worker.Stop(std::chrono::milliseconds(1000));
}

Task<void> MeasureLatency(redis::Client& client, queue::QueueRuntime& runtime) {
  queue::JobQueue jobs(client);
  Clock::time_point begun;
  auto handler = [&](const queue::Job&) -> Task<queue::JobStatus> {
    begun = Clock::now();
    co_return queue::JobStatus::kSuccess;
  };
  queue::WorkerOptions options;
  options.queue = "bench";
  queue::QueueWorker worker(runtime, options, handler);
  worker.Start();
  std::vector<double> latencies_ms;
  for (int i = 0; i < 200; ++i) {
    co_await SleepFor(std::chrono::milliseconds(5));
    const auto start = Clock::now();
    begun = start;
    co_await jobs.Add(MakeJob());
    while (begun == start) co_await SleepFor(std::chrono::milliseconds(1));
    latencies_ms.push_back(Seconds(begun - start).count() * 1000);
  }
  std::ranges::sort(latencies_ms);
  fmt::print("from Add to handler: median {:.2f} ms, 95 % {:.2f} ms\n", latencies_ms[100], latencies_ms[190]);
  co_await worker.Stop(std::chrono::milliseconds(1000));
}

Task<void> RunAll(std::string socket_path, std::size_t count) {
  const auto executor = co_await boost::asio::this_coro::executor;
  redis::Options options;
  options.socket_path = std::move(socket_path);
  redis::Client client(executor, options);
  co_await client.Run({"FLUSHDB"});
  queue::QueueRuntime runtime(executor, options);
  co_await MeasureCommands(client, count, 1);
  co_await MeasureCommands(client, count, 50);
  for (const std::size_t concurrency : {1, 5, 50}) co_await MeasureJobs(client, runtime, count, concurrency);
  co_await MeasureLatency(client, runtime);
}

}  // namespace
}  // namespace immich

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: queue_bench REDIS_SOCKET [jobs]   (empties database 0)\n");
    return 2;
  }
  const auto count = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 20000);
  immich::RunToCompletion([&]() -> immich::Task<void> { co_await immich::RunAll(argv[1], count); });
  return 0;
}
