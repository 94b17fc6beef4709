#pragma once

#include <memory>

#include "ml/models/model_task.hpp"

namespace immich::ml {

/// SCRFD with landmarks. Option `minScore` (0.7). Result: FaceBoxes.
std::unique_ptr<ModelTask> MakeFaceDetection(const ModelFolder& folder, SessionFactory& sessions);

}  // namespace immich::ml
