#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/queue/job.hpp"
#include "server/core/ids.hpp"

namespace immich {

/// Where slices put work. The implementation (server/pipeline.cpp) knows each job's queue; slices only name the job.
/// Job names are the wire names of `facts`: `AssetExtractMetadata`, `AssetGenerateThumbnails` …
class JobSink {
 public:
  struct Request {
    std::string_view name;
    /// JSON object.
    std::string data = "{}";
    queue::JobOptions options;
  };

  virtual ~JobSink() = default;
  /// Throws Unavailable when Redis is gone. Callers on an acknowledged path log and go on: the nightly sweep heals it.
  virtual Task<void> Enqueue(std::vector<Request> requests) = 0;

  Task<void> Enqueue(Request request) {
    std::vector<Request> one;
    one.push_back(std::move(request));
    co_await Enqueue(std::move(one));
  }
  /// Like Enqueue, but a missing Redis is logged instead of thrown.
  Task<void> EnqueueOrLog(std::vector<Request> requests);
};

/// `{"id":"<uuid>"}`
std::string JobDataWithId(const Uuid& id);
/// `{"id":"<uuid>","source":"<source>"}`
std::string JobDataWithSource(const Uuid& id, std::string_view source);

}  // namespace immich
