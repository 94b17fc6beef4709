#pragma once

#include <optional>
#include <string_view>

#include "api/enums.hpp"
#include "server/core/job_sink.hpp"

namespace immich::queues {

/// The job that fills a queue; nullopt for queues that cannot be started. `force`: true all, false what is missing,
/// absent the job's own idea.
std::optional<JobSink::Request> StartJob(api::QueueName queue, std::optional<bool> force);

/// What an administrator may start by name (POST /jobs).
JobSink::Request ManualJob(api::ManualJobName name);

}  // namespace immich::queues
