#pragma once

#include "ml/service/ml_settings.hpp"

namespace immich::ml {

/// Serves until SIGINT or SIGTERM; returns the exit code. Throws InternalError when the address cannot be bound.
int RunMlServer(const MlSettings& settings);

}  // namespace immich::ml
