#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "ml/batching/inference_lanes.hpp"
#include "ml/model_cache/model_cache.hpp"
#include "ml/models/model_task.hpp"
#include "ml/service/ml_metrics.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/async/task.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {

/// A model in memory; requests hold it while they use it.
struct LoadedModel {
  std::unique_ptr<ModelTask> task;
  std::shared_ptr<InferenceLanes::Queue> queue;
};

/// The model could not be loaded; the log has the reason.
class ModelUnavailable : public Error {
 public:
  explicit ModelUnavailable(const std::string& name) : Error(500, "Could not load model " + name) {}
};

struct ModelPoolSettings {
  /// 0: models stay.
  std::chrono::seconds ttl{300};
  std::chrono::seconds poll{10};
  std::size_t max_batch_faces = 0;
  std::size_t max_batch_ocr = 0;
};

/// The models in memory: loads one when the first request asks, once for all that wait, and unloads it when nobody
/// asked for a while. Used on the event loop only; loading happens on the blocking pool.
class ModelPool {
 public:
  ModelPool(ModelPoolSettings settings, ModelCache cache, SessionFactory& sessions, InferenceLanes& lanes,
            MlMetrics& metrics);

  /// The model, downloaded and loaded where needed. Throws BadRequest for an impossible name, ModelUnavailable when
  /// loading failed, after one fresh download when the files were to blame.
  Task<std::shared_ptr<const LoadedModel>> Get(const ModelKind& kind, std::string name);
  /// Unloads models that were not used for the TTL, again and again.
  Task<void> SweepForever();
  /// Drops all models, for the end of the process.
  void Clear() { models_.clear(); }
  std::size_t loaded() const;

 private:
  struct Slot {
    Slot() : gate(1) {}
    std::shared_ptr<LoadedModel> model;
    Semaphore gate;
    /// Counts attempts to load; waiters share the failure of the attempt they waited for.
    std::size_t attempts = 0;
    std::exception_ptr failure;
    std::chrono::steady_clock::time_point last_used;
  };

  Task<void> Load(const ModelKind& kind, std::shared_ptr<Slot> slot, ModelLocation location);
  Task<void> Fetch(ModelLocation location, bool fresh);
  Task<std::shared_ptr<LoadedModel>> Open(const ModelKind& kind, ModelLocation location);
  Task<void> UnloadIdle();

  ModelPoolSettings settings_;
  ModelCache cache_;
  SessionFactory& sessions_;
  InferenceLanes& lanes_;
  MlMetrics& metrics_;
  /// Loading needs up to twice a model's memory: one at a time. Downloads wait for the network: two at a time.
  Semaphore loading_{1};
  Semaphore downloading_{2};
  std::map<std::string, std::shared_ptr<Slot>> models_;
};

}  // namespace immich::ml
