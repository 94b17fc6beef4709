#include <array>

#include "ml/models/clip/clip_textual.hpp"
#include "ml/models/clip/clip_visual.hpp"
#include "ml/models/faces/face_detection.hpp"
#include "ml/models/faces/face_recognition.hpp"
#include "ml/models/model_task.hpp"
#include "ml/models/objects/object_detection.hpp"
#include "ml/models/ocr/text_detection.hpp"
#include "ml/models/ocr/text_recognition.hpp"

namespace immich::ml {
namespace {

constexpr std::array<ModelKind, 7> kKinds{{
    {"clip", "visual", InputKind::kImage, "", MakeClipVisual},
    {"clip", "textual", InputKind::kText, "", MakeClipTextual},
    {"facial-recognition", "detection", InputKind::kImage, "", MakeFaceDetection},
    {"facial-recognition", "recognition", InputKind::kImage, "detection", MakeFaceRecognition},
    {"ocr", "detection", InputKind::kImage, "", MakeTextDetection},
    {"ocr", "recognition", InputKind::kImage, "detection", MakeTextRecognition},
    {"object-detection", "detection", InputKind::kImage, "", MakeObjectDetection},
}};

}  // namespace

std::span<const ModelKind> ModelKinds() {
  return kKinds;
}

const ModelKind* FindModelKind(std::string_view task, std::string_view type) {
  for (const ModelKind& kind : kKinds) {
    if (kind.task == task && kind.type == type) return &kind;
  }
  return nullptr;
}

}  // namespace immich::ml
