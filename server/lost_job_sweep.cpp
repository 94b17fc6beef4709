#include "server/lost_job_sweep.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/queue/job_queue.hpp"
#include "server/core/ids.hpp"
#include "server/core/job_sink.hpp"
#include "server_nightly_sql.hpp"

namespace immich {

namespace {

// Longer than the pauses between all tries of an asset (1 + 4 + 9 + 16 minutes).
constexpr std::chrono::hours kOverlap{1};

/// The queues between upload and thumbnail.
const std::vector<std::string>& QueuesOfUpload() {
  static const std::vector<std::string> kQueues = {"sidecar", "metadataExtraction", "storageTemplateMigration",
                                                   "thumbnailGeneration"};
  return kQueues;
}

/// The job an asset stopped before. Its id keeps a second one out of the queue.
JobSink::Request JobFor(const pg::Row& row) {
  const auto id = row.Get<AssetId>(0);
  const bool lacks_metadata = row.Get<bool>(1);
  const bool is_imported = row.Get<bool>(2);
  JobSink::Request request;
  request.name = !lacks_metadata ? "AssetGenerateThumbnails" : is_imported ? "SidecarCheck" : "AssetExtractMetadata";
  request.data = JobDataWithSource(id.value, "upload");
  request.options.job_id = id.ToString();
  return request;
}

}  // namespace

Task<bool> LostJobSweep::IsIdle() {
  const std::vector<queue::QueueCounts> counts = co_await queues_.CountsOf(QueuesOfUpload());
  co_return std::ranges::all_of(counts, [](const queue::QueueCounts& count) {
    return count.active + count.delayed + count.waiting + count.paused == 0;
  });
}

Task<std::optional<std::size_t>> LostJobSweep::Search(TimePoint now) {
  if (!co_await IsIdle()) co_return std::nullopt;
  pg::Params params{since_, now - kMinAge, kTries, kBatch};
  const pg::Result found = co_await db_.Run(sql::kLostJobsClaim, std::move(params));
  if (found.empty()) {
    since_ = std::max(since_, now - kMinAge - kOverlap);
    co_return 0;
  }
  std::vector<JobSink::Request> requests;
  for (const pg::Row row : found) requests.push_back(JobFor(row));
  log::Info("Jobs", "{} assets without metadata or thumbnail are queued again", requests.size());
  co_await jobs_.Enqueue(std::move(requests));
  co_return found.size();
}

Task<std::size_t> LostJobSweep::Tick(TimePoint now) {
  // A clock that was set back must not stop the search.
  if (last_tick_ && now >= *last_tick_ && now - *last_tick_ < kInterval) co_return 0;
  const std::optional<std::size_t> found = co_await Search(now);
  // Busy queues are asked again with the next tick.
  if (found) last_tick_ = now;
  co_return found.value_or(0);
}

}  // namespace immich
