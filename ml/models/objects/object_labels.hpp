#pragma once

#include <string>
#include <vector>

#include "ml/models/model_task.hpp"

namespace immich::ml {

/// The names of the classes a detector knows, from its files; empty when they say nothing.
std::vector<std::string> ReadObjectLabels(const ModelFolder& folder, const InferenceSession& session);

}  // namespace immich::ml
