#pragma once

#include <optional>
#include <vector>

#include "api/jobs_types.hpp"
#include "api/queues_types.hpp"
#include "platform/queue/job.hpp"

namespace immich::queues {

api::QueueResponseDto ToQueueResponse(api::QueueName name, const queue::QueueCounts& counts, bool is_paused);
api::QueueResponseLegacyDto ToLegacy(const api::QueueResponseDto& response);
/// `queues`: all of them, in the order of the API.
api::QueuesResponseLegacyDto ToLegacy(const std::vector<api::QueueResponseDto>& queues);

/// nullopt for jobs whose name is not in the contract.
std::optional<api::QueueJobResponseDto> ToJobResponse(queue::Job job);
queue::JobState ToJobState(api::QueueJobStatus status);
std::vector<api::QueueJobStatus> AllJobStates();

}  // namespace immich::queues
