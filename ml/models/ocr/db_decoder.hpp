#pragma once

#include <span>
#include <vector>

#include "ml/models/ocr/text_box.hpp"

namespace immich::ml {

/// Post-processing of differentiable binarization (Liao et al. 2020) with the numbers of PP-OCR.
struct DbSettings {
  float threshold = 0.3F;
  float min_box_score = 0.5F;
  double unclip_ratio = 1.6;
  std::size_t max_candidates = 1000;
};

/// Text boxes in a map of probabilities of `width` × `height`, scaled to a picture of `target_width` × `target_height`.
/// Regions over the threshold (grown by one pixel to the right and down), their smallest rectangles, whose mean
/// probability must reach `min_box_score`, grown by area × ratio / perimeter.
std::vector<TextBox> DecodeTextBoxes(std::span<const float> probabilities, int width, int height, int target_width,
                                     int target_height, const DbSettings& settings);

}  // namespace immich::ml
