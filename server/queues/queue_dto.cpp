#include "server/queues/queue_dto.hpp"

#include <array>
#include <utility>

namespace immich::queues {

namespace {

using Legacy = api::QueuesResponseLegacyDto;
using Member = api::QueueResponseLegacyDto Legacy::*;

// By enumerator of api::QueueName.
constexpr std::array<Member, 19> kLegacyMembers = {
    &Legacy::thumbnail_generation,
    &Legacy::metadata_extraction,
    &Legacy::video_conversion,
    &Legacy::face_detection,
    &Legacy::facial_recognition,
    &Legacy::smart_search,
    &Legacy::duplicate_detection,
    &Legacy::background_task,
    &Legacy::storage_template_migration,
    &Legacy::migration,
    &Legacy::search,
    &Legacy::sidecar,
    &Legacy::library,
    &Legacy::notifications,
    &Legacy::backup_database,
    &Legacy::ocr,
    &Legacy::workflow,
    &Legacy::integrity_check,
    &Legacy::editor,
};

}  // namespace

api::QueueResponseDto ToQueueResponse(api::QueueName name, const queue::QueueCounts& counts, bool is_paused) {
  api::QueueResponseDto response;
  response.name = name;
  response.is_paused = is_paused;
  response.statistics.active = counts.active;
  response.statistics.completed = counts.completed;
  response.statistics.failed = counts.failed;
  response.statistics.delayed = counts.delayed;
  response.statistics.waiting = counts.waiting;
  response.statistics.paused = counts.paused;
  return response;
}

api::QueueResponseLegacyDto ToLegacy(const api::QueueResponseDto& response) {
  api::QueueResponseLegacyDto legacy;
  legacy.job_counts = response.statistics;
  legacy.queue_status.is_active = response.statistics.active > 0;
  legacy.queue_status.is_paused = response.is_paused;
  return legacy;
}

api::QueuesResponseLegacyDto ToLegacy(const std::vector<api::QueueResponseDto>& queues) {
  Legacy legacy;
  for (const api::QueueResponseDto& response : queues) {
    legacy.*kLegacyMembers[static_cast<std::size_t>(response.name)] = ToLegacy(response);
  }
  return legacy;
}

std::optional<api::QueueJobResponseDto> ToJobResponse(queue::Job job) {
  const auto name = api::ParseEnum<api::JobName>(job.name);
  if (!name) return std::nullopt;
  api::QueueJobResponseDto dto;
  dto.name = *name;
  dto.id = std::move(job.id);
  dto.data.text = std::move(job.data);
  dto.timestamp = UnixMilliseconds(job.added_at);
  return dto;
}

queue::JobState ToJobState(api::QueueJobStatus status) {
  switch (status) {
    case api::QueueJobStatus::kActive:
      return queue::JobState::kActive;
    case api::QueueJobStatus::kFailed:
      return queue::JobState::kFailed;
    case api::QueueJobStatus::kCompleted:
      return queue::JobState::kCompleted;
    case api::QueueJobStatus::kDelayed:
      return queue::JobState::kDelayed;
    case api::QueueJobStatus::kWaiting:
      return queue::JobState::kWaiting;
    case api::QueueJobStatus::kPaused:
      return queue::JobState::kPaused;
  }
  std::unreachable();
}

std::vector<api::QueueJobStatus> AllJobStates() {
  std::vector<api::QueueJobStatus> states;
  for (std::size_t i = 0; i < api::EnumSize<api::QueueJobStatus>(); ++i) {
    states.push_back(static_cast<api::QueueJobStatus>(i));
  }
  return states;
}

}  // namespace immich::queues
