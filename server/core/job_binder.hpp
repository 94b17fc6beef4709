#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "platform/async/task.hpp"
#include "platform/queue/job.hpp"

namespace immich {

/// What a handler tells the pipeline: the status, and what the followers depend on.
struct JobResult {
  queue::JobStatus status = queue::JobStatus::kSuccess;
  /// The asset is a video (thumbnail jobs).
  bool is_video = false;
  /// The asset shows in timeline or archive, so clients are told (thumbnail jobs).
  bool is_visible = false;

  static JobResult Success() { return {}; }
  static JobResult Skipped() { return {.status = queue::JobStatus::kSkipped}; }
  static JobResult Failed() { return {.status = queue::JobStatus::kFailed}; }
};

using JobHandler = std::function<Task<JobResult>(const queue::Job&)>;

/// The handlers the slices offer, by job name. A job whose name has no handler is not queued as a follower.
class JobBinder {
 public:
  void On(std::string_view name, JobHandler handler) { handlers_[std::string(name)] = std::move(handler); }
  const JobHandler* Find(std::string_view name) const {
    const auto found = handlers_.find(std::string(name));
    return found == handlers_.end() ? nullptr : &found->second;
  }

 private:
  std::unordered_map<std::string, JobHandler> handlers_;
};

}  // namespace immich
