#pragma once

#include <memory>

#include "ml/imaging/rgb_image.hpp"
#include "ml/models/model_task.hpp"
#include "ml/models/ocr/text_box.hpp"

namespace immich::ml {

/// The text in the box, straight and upright; boxes 1.5 times as high as wide are turned. `image` is a copy of the
/// whole picture scaled by `image_scale`.
RgbImage CropText(const RgbImage& image, double image_scale, const TextBox& box);

/// PP-OCR recognition on the boxes of the detection. Option `minScore` (0.8). Result: `{"text", "box", "boxScore",
/// "textScore"}` of the lines over it. The characters are in the graph's metadata (`character`), else in `keys.txt`,
/// `ppocr_keys_v1.txt` or another .txt beside the graph.
std::unique_ptr<ModelTask> MakeTextRecognition(const ModelFolder& folder, SessionFactory& sessions);

}  // namespace immich::ml
