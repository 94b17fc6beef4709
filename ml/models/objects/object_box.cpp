#include "ml/models/objects/object_box.hpp"

#include <algorithm>
#include <array>

namespace immich::ml {
namespace {

float AreaOf(const ObjectBox& box) {
  return std::max(0.0F, box.x2 - box.x1) * std::max(0.0F, box.y2 - box.y1);
}

float OverlapOf(const ObjectBox& a, const ObjectBox& b) {
  const float width = std::max(0.0F, std::min(a.x2, b.x2) - std::max(a.x1, b.x1));
  const float height = std::max(0.0F, std::min(a.y2, b.y2) - std::max(a.y1, b.y1));
  const float shared = width * height;
  const float all = AreaOf(a) + AreaOf(b) - shared;
  return all > 0 ? shared / all : 0;
}

constexpr auto kCoco = std::to_array<std::string_view>(
    {"person",         "bicycle",    "car",           "motorcycle",    "airplane",     "bus",           "train",
     "truck",          "boat",       "traffic light", "fire hydrant",  "stop sign",    "parking meter", "bench",
     "bird",           "cat",        "dog",           "horse",         "sheep",        "cow",           "elephant",
     "bear",           "zebra",      "giraffe",       "backpack",      "umbrella",     "handbag",       "tie",
     "suitcase",       "frisbee",    "skis",          "snowboard",     "sports ball",  "kite",          "baseball bat",
     "baseball glove", "skateboard", "surfboard",     "tennis racket", "bottle",       "wine glass",    "cup",
     "fork",           "knife",      "spoon",         "bowl",          "banana",       "apple",         "sandwich",
     "orange",         "broccoli",   "carrot",        "hot dog",       "pizza",        "donut",         "cake",
     "chair",          "couch",      "potted plant",  "bed",           "dining table", "toilet",        "tv",
     "laptop",         "mouse",      "remote",        "keyboard",      "cell phone",   "microwave",     "oven",
     "toaster",        "sink",       "refrigerator",  "book",          "clock",        "vase",          "scissors",
     "teddy bear",     "hair drier", "toothbrush"});
static_assert(kCoco.size() == 80);

}  // namespace

std::vector<ObjectBox> SuppressPerLabel(std::vector<ObjectBox> boxes, float max_overlap) {
  std::sort(boxes.begin(), boxes.end(), [](const ObjectBox& a, const ObjectBox& b) { return a.score > b.score; });
  std::vector<ObjectBox> kept;
  for (const ObjectBox& box : boxes) {
    const bool covered = std::any_of(kept.begin(), kept.end(), [&](const ObjectBox& better) {
      return better.label == box.label && OverlapOf(better, box) > max_overlap;
    });
    if (!covered) kept.push_back(box);
  }
  return kept;
}

std::span<const std::string_view> CocoLabels() {
  return kCoco;
}

}  // namespace immich::ml
