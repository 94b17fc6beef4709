#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/time/time_point.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_binder.hpp"

namespace immich {
class ClientEvents;
class JobSink;
class SystemConfig;
namespace pg {
class Db;
class Params;
class Pool;
struct Statement;
}  // namespace pg
}  // namespace immich

namespace immich::assets {

/// Deletes assets for good (facts: assets, "Purge"): first the row is marked, which cannot be taken back, then the
/// files go, then the rows. A run that dies on the way is taken up by the next AssetDeleteCheck.
class AssetPurge {
 public:
  AssetPurge(pg::Pool& db, JobSink& jobs, ClientEvents& events, const SystemConfig& config)
      : db_(db), jobs_(jobs), events_(events), config_(config) {}

  /// Job AssetDelete, `{"id","deleteOnDisk"?}`. With deleteOnDisk only for assets that are marked, in the trash long
  /// enough, or hidden videos no live photo shows; skipped for others, so that a restored asset is safe from a job that
  /// waited. Without it originals and sidecars stay on the disk.
  Task<JobResult> Delete(std::string_view job_data);
  /// Job AssetDeleteCheck: what has been in the trash for `trash.days`.
  Task<JobResult> QueueDue();
  /// Job AssetEmptyTrash: what is marked.
  Task<JobResult> QueueMarked();
  /// Job FileDelete, `{"files":[…]}`. Originals of assets stay.
  Task<JobResult> DeleteFiles(std::string_view job_data);

 private:
  struct Target;

  TimePoint TrashedBefore() const;
  Task<bool> Purge(AssetId id, bool on_disk);
  Task<std::optional<Target>> Begin(AssetId id, bool on_disk);
  Task<void> RemoveFilesOf(const Target& target);
  Task<void> End(Target& target, bool on_disk);
  Task<std::int64_t> QueueEach(const pg::Statement& ids, pg::Params params);

  pg::Pool& db_;
  JobSink& jobs_;
  ClientEvents& events_;
  const SystemConfig& config_;
};

}  // namespace immich::assets
