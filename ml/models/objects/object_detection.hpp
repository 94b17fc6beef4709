#pragma once

#include <memory>

#include "ml/models/model_task.hpp"

namespace immich::ml {

/// Object detectors of the COCO kind, with or without suppression in the graph. Option `minScore` (0.25). Result: a
/// list of
/// `{"label", "score", "boundingBox": {x1, y1, x2, y2}}` in pixels of the picture, best score first.
///
/// Read beside the graph, each of them optional: `labels.txt` (a name a line) or `id2label` of config.json or `names`
/// of the graph's metadata (else COCO's 80); `preprocess_cfg.json` with `size`, `resize_mode` (`letterbox` or
/// `stretch`), `mean`, `std`, `divisor`.
std::unique_ptr<ModelTask> MakeObjectDetection(const ModelFolder& folder, SessionFactory& sessions);

}  // namespace immich::ml
