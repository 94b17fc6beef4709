#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/queue/job.hpp"

namespace immich::redis {
class Client;
}

namespace immich::queue {

/// Producer and administrator of the queues. Queues live on Redis streams with one consumer group; keys are
/// `immich_queue:{<queue>}:*`. Everything that must be atomic is a Lua script.
class JobQueue {
 public:
  explicit JobQueue(redis::Client& redis);

  /// Throws Unavailable (503) when Redis cannot be reached. With `appendfsync everysec` a power failure may take the
  /// last second of additions; the library's sweep finds what they would have done.
  Task<void> Add(NewJob job);
  /// Adds many jobs in pipelined batches; those of one queue keep their order.
  Task<void> AddAll(std::vector<NewJob> jobs);

  Task<QueueCounts> Counts(std::string_view queue);
  /// Counts of many queues in one round trip, in order.
  Task<std::vector<QueueCounts>> CountsOf(const std::vector<std::string>& queues);
  Task<bool> IsPaused(std::string_view queue);
  /// Running jobs go on; waiting ones then count as paused.
  Task<void> Pause(std::string_view queue);
  Task<void> Resume(std::string_view queue);
  /// Removes waiting and delayed jobs.
  Task<void> Empty(std::string_view queue);
  Task<void> ClearFailed(std::string_view queue);
  /// Newest first, at most `limit`.
  Task<std::vector<Job>> List(std::string_view queue, JobState state, std::size_t limit = 1001);
  /// Puts failed jobs back to waiting, except those whose id is in the queue again; returns how many.
  Task<std::int64_t> RetryFailed(std::string_view queue);

 private:
  Task<void> SetPaused(std::string queue, bool paused);

  redis::Client& redis_;
};

}  // namespace immich::queue
