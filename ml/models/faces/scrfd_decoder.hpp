#pragma once

#include <array>
#include <span>
#include <vector>

#include "ml/models/faces/face_boxes.hpp"

namespace immich::ml {

/// The outputs of SCRFD for one stride: per anchor a score, the distances from the centre to the four edges, and to the
/// five landmarks, in units of the stride.
struct ScrfdLevel {
  int stride = 8;
  std::span<const float> scores;
  std::span<const float> edges;
  std::span<const float> landmarks;
};

/// Faces of one level with at least `min_score`, in pixels of the model's input. Anchors run row by row, two (or as
/// many as there are) per place.
void DecodeScrfdLevel(const ScrfdLevel& level, int input_width, int input_height, float min_score,
                      std::vector<DetectedFace>& faces);

/// Non-maximum suppression: best score first, what overlaps a kept face by more than `max_overlap` goes. Areas are
/// counted in whole pixels (+1), as the published code does.
std::vector<DetectedFace> SuppressOverlaps(std::vector<DetectedFace> faces, float max_overlap);

}  // namespace immich::ml
