#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace immich::ml {

/// An object in pixels of some picture.
struct ObjectBox {
  float x1 = 0;
  float y1 = 0;
  float x2 = 0;
  float y2 = 0;
  float score = 0;
  int label = 0;
};

/// Non-maximum suppression among boxes of one label: best score first, what overlaps a kept box by more than
/// `max_overlap` (intersection over union) goes.
std::vector<ObjectBox> SuppressPerLabel(std::vector<ObjectBox> boxes, float max_overlap);

/// The 80 names of the COCO data set, in the order of the published models.
std::span<const std::string_view> CocoLabels();

}  // namespace immich::ml
