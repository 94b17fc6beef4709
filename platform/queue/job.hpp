#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "platform/time/time_point.hpp"

namespace immich::queue {

/// What a handler says of a job that did not throw.
enum class JobStatus { kSuccess, kFailed, kSkipped };

struct JobOptions {
  /// At most one job with this id exists in the queue (waiting, delayed or active); adding another is a no-op,
  /// or replaces the delayed one when `replace_delayed`.
  std::string job_id = {};
  bool replace_delayed = false;
  std::chrono::milliseconds delay{0};
  /// Goes ahead of waiting jobs without priority.
  bool priority = false;
};

struct NewJob {
  std::string queue = {};
  std::string name = {};
  /// JSON object.
  std::string data = "{}";
  JobOptions options = {};
};

/// A job as handlers and the admin routes see it.
struct Job {
  std::string id;
  std::string queue = {};
  std::string name = {};
  std::string data;
  TimePoint added_at;
  /// 1 for the first delivery.
  int delivery = 1;
  /// Set for failed jobs.
  std::string failure;
};

struct QueueCounts {
  std::int64_t active = 0, completed = 0, failed = 0, delayed = 0, waiting = 0, paused = 0;
};

enum class JobState { kActive, kFailed, kCompleted, kDelayed, kWaiting, kPaused };

}  // namespace immich::queue
