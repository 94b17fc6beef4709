#pragma once

#include <cstddef>

#include "ml/service/ml_metrics.hpp"
#include "ml/service/predict_service.hpp"
#include "platform/http/http_router.hpp"

namespace immich::ml {

/// How many predictions may be in the house.
struct RouteLimits {
  std::size_t max_pending = 128;
  /// Of all bodies together; one that alone is larger is taken when there is no other.
  std::size_t max_body_bytes = 512 * 1024 * 1024;
};

/// Adds `GET /`, `GET /ping`, `GET /metrics` and `POST /predict`; everything lives as long as the router.
void AddMlRoutes(http::Router& router, PredictService& service, MlMetrics& metrics, RouteLimits limits);

}  // namespace immich::ml
