#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "platform/async/task.hpp"
#include "platform/queue/job.hpp"
#include "platform/redis/redis_client.hpp"

namespace immich::queue {

/// The connections of a process to the queues: one for commands, one that is told when there is work, whatever the
/// number of workers. Idle, it sends a few commands every third of a lease. One event loop only.
class QueueRuntime {
 public:
  QueueRuntime(boost::asio::any_io_executor executor, redis::Options redis);
  ~QueueRuntime();
  QueueRuntime(const QueueRuntime&) = delete;
  QueueRuntime& operator=(const QueueRuntime&) = delete;

  /// For a JobQueue on the same connection.
  redis::Client& client();

  struct Impl;

 private:
  friend class QueueWorker;
  std::shared_ptr<Impl> impl_;
};

struct WorkerOptions {
  std::string queue = {};
  std::size_t concurrency = 1;
  /// A delivered job whose worker has not renewed its lease for this long is given to another worker.
  std::chrono::milliseconds lease{30000};
  /// After this many deliveries without an outcome the job is failed with the reason `stalled`.
  int max_deliveries = 3;
};

/// Runs one queue's jobs: takes at most `concurrency` at a time, renews their leases, acknowledges, records failures,
/// reclaims stalled jobs of dead workers and promotes delayed ones. Delivery is at least once: handlers are idempotent.
class QueueWorker {
 public:
  /// A handler returns the status, which only the observer sees; an exception puts the job on the failed list with its
  /// message (InternalError: its detail). Nothing is retried.
  using Handler = std::function<Task<JobStatus>(const Job&)>;
  /// Called after the outcome is stored; for metrics and follow-ups that may be lost.
  using Observer = std::function<void(const Job&, JobStatus, std::chrono::microseconds duration)>;

  /// One worker per queue and runtime.
  QueueWorker(QueueRuntime& runtime, WorkerOptions options, Handler handler, Observer observer = {});
  /// With a runtime of its own.
  QueueWorker(boost::asio::any_io_executor executor, redis::Options redis, WorkerOptions options, Handler handler,
              Observer observer = {});
  ~QueueWorker();

  void Start();
  void SetConcurrency(std::size_t concurrency);
  std::size_t running() const;
  /// Takes no more jobs; returns when running jobs are done or `grace` has passed (the rest are cancelled and put back
  /// to waiting without counting a delivery).
  Task<void> Stop(std::chrono::milliseconds grace);

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace immich::queue
