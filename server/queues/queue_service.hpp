#pragma once

#include <optional>
#include <vector>

#include "api/jobs_types.hpp"
#include "api/queues_types.hpp"
#include "platform/async/task.hpp"

namespace immich {
class JobSink;
namespace queue {
class JobQueue;
struct QueueCounts;
}  // namespace queue
}  // namespace immich

namespace immich::queues {

/// What administrators see of the queues and do to them (facts: jobs, Admin API).
class QueueService {
 public:
  QueueService(queue::JobQueue& queues, JobSink& jobs) : queues_(queues), jobs_(jobs) {}

  /// Every queue, in the order of the API.
  Task<std::vector<api::QueueResponseDto>> List();
  Task<api::QueueResponseDto> Get(api::QueueName name);
  /// Pauses or resumes. Throws BadRequest for pausing backgroundTask.
  Task<api::QueueResponseDto> Update(api::QueueName name, std::optional<bool> is_paused);
  /// Jobs in the states asked for, or in all: per state the newest first, at most 1001.
  Task<std::vector<api::QueueJobResponseDto>> ListJobs(api::QueueName name,
                                                       std::optional<std::vector<api::QueueJobStatus>> states);
  /// Drops waiting and delayed jobs, and the failed ones when `with_failed`.
  Task<void> Empty(api::QueueName name, bool with_failed);

  /// The old API. Start throws BadRequest when the queue is at work or has nothing to start.
  Task<void> RunCommand(api::QueueName name, api::QueueCommand command, std::optional<bool> force);
  Task<void> RunManualJob(api::ManualJobName name);

 private:
  Task<void> Start(api::QueueName name, std::optional<bool> force);
  Task<void> Pause(api::QueueName name);

  queue::JobQueue& queues_;
  JobSink& jobs_;
};

}  // namespace immich::queues
