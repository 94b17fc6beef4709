#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "platform/async/event_loop.hpp"
#include "platform/queue/job_queue.hpp"
#include "platform/queue/queue_worker.hpp"
#include "platform/redis/redis_client.hpp"
#include "platform/testing/redis_test_server.hpp"

namespace immich::queue {

using std::chrono::milliseconds;

/// A producer and a runtime on a private Redis.
struct QueueBench {
  boost::asio::any_io_executor executor;
  redis::Client& client;
  JobQueue& jobs;
  QueueRuntime& runtime;
  /// For further runtimes.
  redis::Options redis;
};

class QueueTest : public ::testing::Test {
 protected:
  redis::Options RedisOptions() const {
    redis::Options options;
    options.socket_path = server_.socket_path();
    options.command_timeout = milliseconds(2000);
    return options;
  }
  void WithBench(const std::function<Task<void>(QueueBench)>& body) {
    RunToCompletion([&]() -> Task<void> {
      const auto executor = co_await boost::asio::this_coro::executor;
      redis::Client client(executor, RedisOptions());
      JobQueue jobs(client);
      QueueRuntime runtime(executor, RedisOptions());
      const QueueBench bench{executor, client, jobs, runtime, RedisOptions()};
      co_await body(bench);
    });
  }

  testing::RedisTestServer server_;
};

inline NewJob MakeJob(std::string name, JobOptions options = {}) {
  NewJob job;
  job.queue = "thumbnailGeneration";
  job.name = std::move(name);
  job.options = std::move(options);
  return job;
}

inline JobOptions WithId(std::string id) {
  JobOptions options;
  options.job_id = std::move(id);
  return options;
}

inline WorkerOptions WorkerOf(std::size_t concurrency = 1, milliseconds lease = milliseconds(30000)) {
  WorkerOptions options;
  options.queue = "thumbnailGeneration";
  options.concurrency = concurrency;
  options.lease = lease;
  return options;
}

/// Polls until `condition` holds; false after ten seconds.
inline Task<bool> Eventually(std::function<bool()> condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) co_return true;
    co_await SleepFor(milliseconds(5));
  }
  co_return false;
}

/// Names of the jobs a worker ran, in order; each run takes `duration`.
struct Recorder {
  std::vector<std::string> names;
  std::size_t running = 0, most_running = 0;
  milliseconds duration{0};

  QueueWorker::Handler Handler() {
    return [this](const Job& job) -> Task<JobStatus> {
      names.push_back(job.name);
      most_running = std::max(most_running, ++running);
      if (duration.count() > 0) co_await SleepFor(duration);
      --running;
      co_return JobStatus::kSuccess;
    };
  }
};

inline constexpr char kQueue[] = "thumbnailGeneration";

}  // namespace immich::queue
