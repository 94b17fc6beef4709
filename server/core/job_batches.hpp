#pragma once

#include <cstdint>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/job_sink.hpp"

namespace immich {

/// Queues `job_name` with `{"id":…}` for every id in the first column of `ids`, a thousand at a time while the rows
/// arrive. Returns how many.
Task<std::int64_t> EnqueueForEach(pg::Db& db, JobSink& jobs, const pg::Statement& ids, pg::Params params,
                                  std::string_view job_name);

}  // namespace immich
