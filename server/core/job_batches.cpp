#include "server/core/job_batches.hpp"

#include <string>
#include <utility>
#include <vector>

namespace immich {

Task<std::int64_t> EnqueueForEach(pg::Db& db, JobSink& jobs, const pg::Statement& ids, pg::Params params,
                                  std::string_view job_name) {
  constexpr std::size_t kBatch = 1000;
  std::vector<JobSink::Request> batch;
  std::int64_t count = 0;
  std::string text(ids.text);
  co_await db.Stream(std::move(text), std::move(params), [&](pg::Row row) -> Task<void> {
    batch.push_back({.name = job_name, .data = JobDataWithId(row.Get<Uuid>(0)), .options = {}});
    ++count;
    if (batch.size() < kBatch) co_return;
    co_await jobs.Enqueue(std::exchange(batch, {}));
  });
  if (!batch.empty()) co_await jobs.Enqueue(std::move(batch));
  co_return count;
}

}  // namespace immich
