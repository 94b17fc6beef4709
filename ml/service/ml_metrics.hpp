#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "platform/metrics/metric_registry.hpp"

namespace immich::ml {

/// What GET /metrics shows.
class MlMetrics {
 public:
  MlMetrics();
  MlMetrics(const MlMetrics&) = delete;
  MlMetrics& operator=(const MlMetrics&) = delete;

  using Duration = std::chrono::steady_clock::duration;
  enum class Stage { kDecode, kPreprocess, kQueue, kInference, kPostprocess };

  void CountRequest(int status, Duration duration);
  void CountRefused() { refused_.Increment(); }
  /// Time one request spent in a stage; `task` is from the model table.
  void ObserveStage(std::string_view task, Stage stage, Duration duration);
  void ObserveBatch(std::size_t requests, Duration duration);
  void ObserveLoad(Duration duration) { load_ms_.Observe(Milliseconds(duration)); }
  void SetModelsLoaded(std::size_t count) { models_.Set(static_cast<double>(count)); }
  void SetPending(std::size_t count) { pending_.Set(static_cast<double>(count)); }

  /// Prometheus text.
  std::string Render() { return registry_.Render(); }

 private:
  static double Milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

  metrics::Registry registry_;
  metrics::Counter& refused_;
  metrics::Counter& batched_requests_;
  metrics::Histogram& request_ms_;
  metrics::Histogram& batch_ms_;
  metrics::Histogram& batch_size_;
  metrics::Histogram& load_ms_;
  metrics::Gauge& models_;
  metrics::Gauge& pending_;
};

/// Bytes of physical memory this process holds.
std::size_t ResidentBytes();

}  // namespace immich::ml
