#pragma once

#include <memory>

#include "ml/models/model_task.hpp"

namespace immich::ml {

/// Differentiable binarization (PP-OCR detectors). Options `minScore` (0.5), `maxResolution` (736, of the shorter
/// edge). Result: TextBoxes.
std::unique_ptr<ModelTask> MakeTextDetection(const ModelFolder& folder, SessionFactory& sessions);

}  // namespace immich::ml
