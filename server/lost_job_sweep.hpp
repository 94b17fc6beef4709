#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "platform/async/task.hpp"
#include "platform/time/time_point.hpp"

namespace immich {

class JobSink;
namespace pg {
class Db;
}
namespace queue {
class JobQueue;
}

/// Finds assets whose jobs got lost on the way from upload to thumbnail (a killed process, an outage of Redis or of the
/// database) and queues what is missing. It looks only while the queues of that way are empty, so that it never doubles
/// waiting work. The first search covers the library, later ones what was created since the last one that found
/// nothing. An asset is tried kTries times, with growing pauses; after that only the nightly tasks try it.
class LostJobSweep {
 public:
  static constexpr std::chrono::minutes kInterval{1};
  /// Younger assets may be on their way to the queue.
  static constexpr std::chrono::minutes kMinAge{1};
  static constexpr int kTries = 5;
  /// Assets a search; more come with the next ones.
  static constexpr int kBatch = 1000;

  LostJobSweep(pg::Db& db, queue::JobQueue& queues, JobSink& jobs) : db_(db), queues_(queues), jobs_(jobs) {}

  /// Searches when kInterval has passed since the last time; returns how many assets got a job. Throws Unavailable
  /// without Redis or database.
  Task<std::size_t> Tick(TimePoint now);
  /// Searches now; nullopt while the queues are busy.
  Task<std::optional<std::size_t>> Search(TimePoint now);

 private:
  Task<bool> IsIdle();

  pg::Db& db_;
  queue::JobQueue& queues_;
  JobSink& jobs_;
  TimePoint since_{};
  std::optional<TimePoint> last_tick_;
};

}  // namespace immich
