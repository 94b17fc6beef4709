#include "server/worker_role.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>
#include <vector>

#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "platform/process/shutdown_signal.hpp"
#include "platform/queue/queue_worker.hpp"
#include "server/assets/asset_notifier.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/worker_context.hpp"
#include "server/features.hpp"
#include "server/lost_job_sweep.hpp"
#include "server/nightly.hpp"
#include "server/queue_concurrency.hpp"
#include "server/start_up.hpp"

namespace immich {

namespace {

using std::chrono::milliseconds;

// Running jobs get this long at shutdown; the rest goes back to waiting.
constexpr milliseconds kStopGrace{10'000};
// A job that needs a database or a Redis that is away waits this long before it fails.
constexpr std::chrono::minutes kLongestOutage{10};
constexpr milliseconds kKnockInterval{500};
constexpr milliseconds kKnockTimeout{2000};
// fsync and hashing; the heavy work is done by decoder children.
constexpr std::size_t kBlockingThreads = 4;

/// Waits until database and Redis answer, for kLongestOutage at most.
Task<void> UntilReachable(Foundation& foundation) {
  const auto deadline = std::chrono::steady_clock::now() + kLongestOutage;
  while (std::chrono::steady_clock::now() < deadline) {
    co_await SleepFor(kKnockInterval);
    if (!co_await foundation.db.Ping(kKnockTimeout)) continue;
    try {
      redis::Command ping{"PING"};
      co_await foundation.redis.Run(std::move(ping));
      co_return;
    } catch (const Error&) {
      // Still away.
    }
  }
}

/// One worker a queue, all driven by the process's event loop.
class Workers {
 public:
  Workers(queue::QueueRuntime& runtime, Foundation& foundation, PipelineRunner& runner) {
    Telemetry& telemetry = foundation.telemetry;
    for (const std::string_view queue : QueueNames()) {
      queue::WorkerOptions options;
      options.queue = std::string(queue);
      options.concurrency = QueueConcurrency(foundation.config.current(), queue);
      auto run = [&runner](const queue::Job& job) -> Task<queue::JobStatus> { return runner.Run(job); };
      auto count = [&telemetry](const queue::Job& job, queue::JobStatus status, std::chrono::microseconds) {
        telemetry.CountJob(job.name, status);
      };
      workers_.push_back(
          std::make_unique<queue::QueueWorker>(runtime, std::move(options), std::move(run), std::move(count)));
      telemetry.ObserveGauge("job", fmt::format("immich_queues_{}_active", metrics::MetricNamePart(queue)),
                             fmt::format("Running jobs of the queue {}", queue), {},
                             [worker = workers_.back().get()] { return static_cast<double>(worker->running()); });
    }
    foundation.config.OnChange([this](const api::AdminConfigDto&, const api::AdminConfigDto& now) { Resize(now); });
  }

  void Start() {
    for (const auto& worker : workers_) worker->Start();
  }

  /// All at once: no queue takes new jobs while another finishes its own, and without Redis, where none can give its
  /// jobs back, the times do not add up.
  Task<void> Stop(boost::asio::any_io_executor executor) {
    boost::asio::steady_timer all_stopped(executor, boost::asio::steady_timer::time_point::max());
    std::size_t running = workers_.size();
    const auto stop_one = [&](queue::QueueWorker& worker) -> Task<void> {
      co_await worker.Stop(kStopGrace);
      if (--running == 0) all_stopped.cancel();
    };
    for (const auto& worker : workers_) Spawn(executor, "microservices", stop_one(*worker));
    boost::system::error_code cancelled;
    while (running > 0) {
      co_await all_stopped.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    }
  }

 private:
  void Resize(const api::AdminConfigDto& config) {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      workers_[i]->SetConcurrency(QueueConcurrency(config, QueueNames()[i]));
    }
  }

  std::vector<std::unique_ptr<queue::QueueWorker>> workers_;
};

Task<void> RunWorkers(const config::Environment& environment, boost::asio::any_io_executor executor) {
  Foundation foundation(executor, environment, "immich-microservices");
  co_await foundation.Open();
  MediaWorkerOptions media_options;
  media_options.memory_limit_bytes = static_cast<std::uint64_t>(environment.media_memory_limit_mib) * 1024 * 1024;
  MediaWorkers media(executor, std::move(media_options));
  JobBinder handlers;
  WorkerContext context{executor,
                        environment,
                        handlers,
                        foundation.db,
                        foundation.redis,
                        foundation.queues,
                        foundation.jobs,
                        foundation.events,
                        foundation.config,
                        foundation.paths,
                        media};
  RegisterJobs(context);
  AssetNotifier notifier(foundation.db, foundation.events);
  PipelineRunner runner(handlers, foundation.jobs, notifier, [&foundation] { return UntilReachable(foundation); });
  queue::QueueRuntime runtime(executor, RedisOptions(environment));
  Workers workers(runtime, foundation, runner);
  workers.Start();
  LostJobSweep sweep(foundation.db, foundation.queues, foundation.jobs);
  Nightly nightly(
      executor, foundation.db, foundation.config, foundation.jobs,
      [&handlers](std::string_view name) { return handlers.Find(name) != nullptr; },
      [&sweep](TimePoint now) -> Task<void> { co_await sweep.Tick(now); });
  nightly.Start();
  foundation.telemetry.Serve(executor, environment.microservices_metrics_port);
  log::Info("Microservices", "Working off {} queues", QueueNames().size());
  co_await process::WaitForShutdownSignal();
  log::Info("Microservices", "Stopping; running jobs get {} s", kStopGrace.count() / 1000);
  nightly.Stop();
  co_await workers.Stop(executor);
  co_await media.Stop();
  co_await foundation.telemetry.Stop();
  foundation.Close();
}

}  // namespace

int RunWorkerRole(const config::Environment& environment) {
  StartBlockingPool(kBlockingThreads);
  boost::asio::io_context io(1);
  std::exception_ptr failure;
  auto body = [&]() -> Task<void> {
    try {
      co_await RunWorkers(environment, io.get_executor());
    } catch (...) {
      failure = std::current_exception();
    }
    io.stop();
  };
  Spawn(io, "microservices", body());
  io.run();
  StopBlockingPool();
  if (failure) std::rethrow_exception(failure);
  return 0;
}

}  // namespace immich
