#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/queue/job_queue.hpp"
#include "server/core/job_binder.hpp"
#include "server/core/job_sink.hpp"

namespace immich {

class AssetNotifier;
class SystemConfig;

/// What a finished job hands to its row of the table.
struct FinishedJob {
  const queue::Job& job;
  const JobResult& result;
  /// Value of `source` in the job's data: `upload`, `copy`, `sidecar-write` or empty.
  std::string source;
  /// Value of `notify` in the job's data.
  bool notify = false;
  /// Value of `id` in the job's data; nil when absent.
  Uuid id;
};

struct JobRow;
using Followers = std::vector<JobSink::Request> (*)(const FinishedJob&);
using Announcement = Task<void> (*)(AssetNotifier&, const FinishedJob&);

/// One row of the job table (pipeline.cpp): where a job runs and what comes after it. Followers and announcements
/// happen for success and skipped, not for failed.
struct JobRow {
  std::string_view name;
  std::string_view queue;
  Followers followers = nullptr;
  Announcement announce = nullptr;
};

std::span<const JobRow> JobTable();
const JobRow* FindJobRow(std::string_view name);
/// The 19 queues in the order of the API.
std::span<const std::string_view> QueueNames();

/// Puts jobs into the queue their row names.
class PipelineSink : public JobSink {
 public:
  explicit PipelineSink(queue::JobQueue& queues) : queues_(queues) {}
  Task<void> Enqueue(std::vector<Request> requests) override;
  /// Called with the row of each job that was queued; for metrics.
  void OnEnqueue(std::function<void(const JobRow&)> observer) { observer_ = std::move(observer); }

 private:
  queue::JobQueue& queues_;
  std::function<void(const JobRow&)> observer_;
};

/// Runs a job through its handler, then does what its row says. A job that an outage of the database or of Redis breaks
/// off runs again when they are back, kAttempts times at most: the outage is not the job's failure.
class PipelineRunner {
 public:
  static constexpr int kAttempts = 5;
  /// Returns when database and Redis answer, or after so long that the job may as well fail.
  using UntilReachable = std::function<Task<void>()>;

  PipelineRunner(const JobBinder& handlers, JobSink& sink, AssetNotifier& notifier, UntilReachable until_reachable)
      : handlers_(handlers), sink_(sink), notifier_(notifier), until_reachable_(std::move(until_reachable)) {}

  Task<queue::JobStatus> Run(const queue::Job& job);

 private:
  Task<queue::JobStatus> RunOnce(const queue::Job& job);

  const JobBinder& handlers_;
  JobSink& sink_;
  AssetNotifier& notifier_;
  UntilReachable until_reachable_;
};

}  // namespace immich
