#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/job_binder.hpp"
#include "server/people/person_store.hpp"

namespace immich {
class JobSink;
class SystemConfig;
namespace queue {
class JobQueue;
}
}  // namespace immich

namespace immich::people {

/// Tells whose faces they are, by density (facts: people, "Recognition"): a face with enough others like it, itself
/// included, is a core, and cores make persons; others join a person nearby or wait.
class FacialRecognition {
 public:
  FacialRecognition(pg::Pool& db, JobSink& jobs, SystemConfig& config, queue::JobQueue& queues)
      : db_(db), jobs_(jobs), config_(config), queues_(queues) {}

  /// Assigns one face. A face that nobody is near to is queued once more, `deferred`, behind all others. Faces of one
  /// user are recognised one after the other, whichever workers do it.
  Task<JobResult> Recognize(FaceId face, bool is_deferred);
  /// Waits until nothing is being detected, then queues the faces that belong to nobody; with `force` all that machine
  /// learning found, after taking them from their persons. A nightly run is skipped when no picture was looked at since
  /// the last one.
  Task<JobResult> QueueAll(bool force, bool is_nightly);

 private:
  struct Face;
  struct Neighbor;
  struct Decision;

  Task<std::optional<Face>> Load(pg::Db& db, FaceId id);
  Task<std::vector<Neighbor>> Nearest(pg::Transaction& tx, const Face& face, std::int64_t count, bool with_person);
  Task<Decision> Decide(pg::Transaction& tx, const Face& face, FaceId id);
  Task<void> WaitForDetection();
  Task<bool> IsWaiting();
  Task<void> ForgetAll();

  pg::Pool& db_;
  JobSink& jobs_;
  SystemConfig& config_;
  queue::JobQueue& queues_;
};

}  // namespace immich::people
