#include "ml/service/model_pool.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <new>
#include <vector>

#include "platform/async/blocking.hpp"
#include "platform/log/log.hpp"

namespace immich::ml {
namespace {

using Clock = std::chrono::steady_clock;
constexpr const char* kContext = "Models";
constexpr double kMiB = 1024.0 * 1024.0;

std::string Describe(const ModelLocation& location) {
  return fmt::format("{} ({}, {})", location.name, location.task, location.type);
}

/// Blocking. Makes the model; missing memory becomes ModelResourceError.
std::unique_ptr<ModelTask> Make(const ModelKind& kind, const ModelLocation& location, std::size_t max_batch_rows,
                                SessionFactory& sessions) {
  const ModelFolder folder{location.root, location.type_folder(), location.name, max_batch_rows};
  try {
    return kind.make(folder, sessions);
  } catch (const std::bad_alloc&) {
    throw ModelResourceError("out of memory");
  }
}

}  // namespace

ModelPool::ModelPool(ModelPoolSettings settings, ModelCache cache, SessionFactory& sessions, InferenceLanes& lanes,
                     MlMetrics& metrics)
    : settings_(settings), cache_(std::move(cache)), sessions_(sessions), lanes_(lanes), metrics_(metrics) {}

std::size_t ModelPool::loaded() const {
  std::size_t count = 0;
  for (const auto& [key, slot] : models_) count += slot->model != nullptr;
  return count;
}

Task<std::shared_ptr<const LoadedModel>> ModelPool::Get(const ModelKind& kind, std::string name) {
  ModelLocation location = cache_.Locate(kind.task, kind.type, name);
  auto& found = models_[location.type_folder().string()];
  if (!found) found = std::make_shared<Slot>();
  const std::shared_ptr<Slot> slot = found;
  if (!slot->model) {
    const std::size_t attempts_before = slot->attempts;
    const auto permit = co_await slot->gate.AcquirePermit();
    const bool failed_meanwhile = slot->attempts != attempts_before && slot->failure;
    if (!slot->model && failed_meanwhile) std::rethrow_exception(slot->failure);
    if (!slot->model) co_await Load(kind, slot, std::move(location));
  }
  slot->last_used = Clock::now();
  co_return slot->model;
}

Task<void> ModelPool::Load(const ModelKind& kind, std::shared_ptr<Slot> slot, ModelLocation location) {
  slot->failure = nullptr;
  std::string reason;
  for (int attempt = 1; attempt <= 2 && !slot->model; ++attempt) {
    bool files_are_to_blame = false;
    try {
      co_await Fetch(location, attempt == 2);
      slot->model = co_await Open(kind, location);
    } catch (const ModelLoadError& error) {
      reason = error.what();
      files_are_to_blame = true;
    } catch (const std::exception& error) {
      reason = error.what();
    }
    if (slot->model || !files_are_to_blame) break;
    log::Warn(kContext, "{} cannot be loaded (attempt {}): {}", Describe(location), attempt, reason);
  }
  ++slot->attempts;
  metrics_.SetModelsLoaded(loaded());
  if (slot->model) co_return;
  log::Error(kContext, "{} cannot be loaded: {}", Describe(location), reason);
  slot->failure = std::make_exception_ptr(ModelUnavailable(location.name));
  std::rethrow_exception(slot->failure);
}

Task<void> ModelPool::Fetch(ModelLocation location, bool fresh) {
  if (!fresh && ModelCache::IsComplete(location)) co_return;
  const auto permit = co_await downloading_.AcquirePermit();
  auto work = [cache = cache_, location = std::move(location), fresh] {
    fresh ? cache.Renew(location) : cache.Ensure(location);
  };
  co_await RunBlocking(std::move(work));
}

Task<std::shared_ptr<LoadedModel>> ModelPool::Open(const ModelKind& kind, ModelLocation location) {
  const auto permit = co_await loading_.AcquirePermit();
  const auto start = Clock::now();
  const std::string shown = Describe(location);
  log::Info(kContext, "loading {}", shown);
  const std::size_t max_batch_rows = kind.task == "facial-recognition" ? settings_.max_batch_faces
                                     : kind.task == "ocr"              ? settings_.max_batch_ocr
                                                                       : 0;
  auto work = [&kind, location = std::move(location), max_batch_rows, &sessions = sessions_] {
    auto task = Make(kind, location, max_batch_rows, sessions);
    // Reading a graph leaves about half of its size behind.
    malloc_trim(0);
    return task;
  };
  auto model = std::make_shared<LoadedModel>();
  model->task = co_await RunBlocking(std::move(work));
  model->queue = lanes_.MakeQueue(*model->task);
  const auto duration = Clock::now() - start;
  metrics_.ObserveLoad(duration);
  log::Info(kContext, "{} is loaded after {} ms", shown,
            std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
  co_return model;
}

Task<void> ModelPool::SweepForever() {
  while (settings_.ttl.count() > 0) {
    co_await SleepFor(settings_.poll);
    co_await UnloadIdle();
  }
}

Task<void> ModelPool::UnloadIdle() {
  const auto now = Clock::now();
  std::vector<std::shared_ptr<LoadedModel>> idle;
  for (auto& [key, slot] : models_) {
    // A model that somebody else holds is in use, however long ago it was asked for.
    if (!slot->model || slot->model.use_count() > 1 || now - slot->last_used < settings_.ttl) continue;
    log::Info(kContext, "unloading {}: not used for {} s", key, settings_.ttl.count());
    idle.push_back(std::move(slot->model));
  }
  std::erase_if(models_, [](const auto& item) {
    return !item.second->model && item.second->gate.in_use() == 0 && item.second->gate.waiting() == 0;
  });
  if (idle.empty()) co_return;
  metrics_.SetModelsLoaded(loaded());
  auto work = [models = std::move(idle)]() mutable {
    models.clear();
    malloc_trim(0);
  };
  co_await RunBlocking(std::move(work));
  log::Info(kContext, "{:.0f} MiB in use", static_cast<double>(ResidentBytes()) / kMiB);
}

}  // namespace immich::ml
