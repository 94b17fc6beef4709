#include "server/queues/queue_service.hpp"

#include <fmt/format.h>

#include <string>

#include "platform/error/error.hpp"
#include "platform/queue/job_queue.hpp"
#include "server/core/job_sink.hpp"
#include "server/queues/queue_commands.hpp"
#include "server/queues/queue_dto.hpp"

namespace immich::queues {

Task<std::vector<api::QueueResponseDto>> QueueService::List() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < api::EnumSize<api::QueueName>(); ++i) {
    names.emplace_back(api::ToString(static_cast<api::QueueName>(i)));
  }
  const std::vector<queue::QueueCounts> counts = co_await queues_.CountsOf(names);
  std::vector<api::QueueResponseDto> list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool is_paused = co_await queues_.IsPaused(names[i]);
    list.push_back(ToQueueResponse(static_cast<api::QueueName>(i), counts[i], is_paused));
  }
  co_return list;
}

Task<api::QueueResponseDto> QueueService::Get(api::QueueName name) {
  const queue::QueueCounts counts = co_await queues_.Counts(api::ToString(name));
  const bool is_paused = co_await queues_.IsPaused(api::ToString(name));
  co_return ToQueueResponse(name, counts, is_paused);
}

Task<api::QueueResponseDto> QueueService::Update(api::QueueName name, std::optional<bool> is_paused) {
  if (is_paused == true) co_await Pause(name);
  if (is_paused == false) co_await queues_.Resume(api::ToString(name));
  co_return co_await Get(name);
}

Task<std::vector<api::QueueJobResponseDto>> QueueService::ListJobs(
    api::QueueName name, std::optional<std::vector<api::QueueJobStatus>> states) {
  if (!states) states = AllJobStates();
  std::vector<api::QueueJobResponseDto> list;
  for (const api::QueueJobStatus state : *states) {
    for (queue::Job& job : co_await queues_.List(api::ToString(name), ToJobState(state))) {
      if (auto dto = ToJobResponse(std::move(job))) list.push_back(std::move(*dto));
    }
  }
  co_return list;
}

Task<void> QueueService::Empty(api::QueueName name, bool with_failed) {
  co_await queues_.Empty(api::ToString(name));
  if (with_failed) co_await queues_.ClearFailed(api::ToString(name));
}

Task<void> QueueService::RunCommand(api::QueueName name, api::QueueCommand command, std::optional<bool> force) {
  switch (command) {
    case api::QueueCommand::kStart:
      co_await Start(name, force);
      break;
    case api::QueueCommand::kPause:
      co_await Pause(name);
      break;
    case api::QueueCommand::kResume:
      co_await queues_.Resume(api::ToString(name));
      break;
    case api::QueueCommand::kEmpty:
      co_await queues_.Empty(api::ToString(name));
      break;
    case api::QueueCommand::kClearFailed:
      co_await queues_.ClearFailed(api::ToString(name));
      break;
  }
}

Task<void> QueueService::RunManualJob(api::ManualJobName name) {
  JobSink::Request request = ManualJob(name);
  co_await jobs_.Enqueue(std::move(request));
}

Task<void> QueueService::Start(api::QueueName name, std::optional<bool> force) {
  const queue::QueueCounts counts = co_await queues_.Counts(api::ToString(name));
  if (counts.active > 0) throw BadRequest("Job is already running");
  auto request = StartJob(name, force);
  if (!request) throw BadRequest(fmt::format("Invalid job name: {}", api::ToString(name)));
  co_await jobs_.Enqueue(std::move(*request));
}

Task<void> QueueService::Pause(api::QueueName name) {
  // Deletions and sessions hang on it.
  if (name == api::QueueName::kBackgroundTask) throw BadRequest("The backgroundTask queue cannot be paused");
  co_await queues_.Pause(api::ToString(name));
}

}  // namespace immich::queues
