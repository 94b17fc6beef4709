#include "ml/service/ml_metrics.hpp"

#include <unistd.h>

#include <fstream>

namespace immich::ml {
namespace {

constexpr double kBatchBounds[] = {1, 2, 4, 8, 16, 32, 64};

std::string_view StageName(MlMetrics::Stage stage) {
  constexpr std::string_view kNames[] = {"decode", "preprocess", "queue", "inference", "postprocess"};
  return kNames[static_cast<std::size_t>(stage)];
}

}  // namespace

std::size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

MlMetrics::MlMetrics()
    : refused_(registry_.GetCounter("immich_ml_refused_total", "Requests refused because too many were waiting")),
      batched_requests_(registry_.GetCounter("immich_ml_batched_requests_total", "Requests that shared their run")),
      request_ms_(registry_.GetHistogram("immich_ml_request_duration_ms", "Time to answer a prediction")),
      batch_ms_(registry_.GetHistogram("immich_ml_run_duration_ms", "Time of one run of a graph")),
      batch_size_(
          registry_.GetHistogram("immich_ml_batch_requests", "Requests a run of a graph served", {}, kBatchBounds)),
      load_ms_(registry_.GetHistogram("immich_ml_model_load_duration_ms", "Time to load a model, without download")),
      models_(registry_.GetGauge("immich_ml_models_loaded", "Models in memory")),
      pending_(registry_.GetGauge("immich_ml_pending_requests", "Predictions accepted and not answered")) {
  registry_.OnCollect([this] {
    registry_.GetGauge("process_resident_memory_bytes", "Resident memory size in bytes")
        .Set(static_cast<double>(ResidentBytes()));
  });
}

void MlMetrics::CountRequest(int status, Duration duration) {
  registry_.GetCounter("immich_ml_requests_total", "Predictions by status", {{"status", std::to_string(status)}})
      .Increment();
  request_ms_.Observe(Milliseconds(duration));
}

void MlMetrics::ObserveStage(std::string_view task, Stage stage, Duration duration) {
  registry_
      .GetHistogram("immich_ml_stage_duration_ms", "Time of one prediction in a stage",
                    {{"task", std::string(task)}, {"stage", std::string(StageName(stage))}})
      .Observe(Milliseconds(duration));
}

void MlMetrics::ObserveBatch(std::size_t requests, Duration duration) {
  batch_size_.Observe(static_cast<double>(requests));
  batch_ms_.Observe(Milliseconds(duration));
  if (requests > 1) batched_requests_.Increment(static_cast<double>(requests));
}

}  // namespace immich::ml
