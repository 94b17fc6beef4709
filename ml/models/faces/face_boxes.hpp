#pragma once

#include <array>
#include <memory>
#include <vector>

#include "ml/imaging/image_warp.hpp"
#include "ml/models/model_task.hpp"

namespace immich::ml {

/// A face in pixels of the picture that was sent. Edges may lie outside of it.
struct DetectedFace {
  float x1 = 0;
  float y1 = 0;
  float x2 = 0;
  float y2 = 0;
  float score = 0;
  /// Left eye, right eye, nose, left and right corner of the mouth, as seen in the picture.
  std::array<Point2, 5> landmarks{};
};

/// What the detection found, for the recognition of the same picture.
class FaceBoxes final : public ModelOutput {
 public:
  explicit FaceBoxes(std::vector<DetectedFace> faces) : faces_(std::move(faces)) {}
  const std::vector<DetectedFace>& faces() const { return faces_; }
  /// `{"boxes": […], "scores": […], "landmarks": […]}`; sent only when a request asks for nothing more.
  std::string ToJson() const override;

 private:
  std::vector<DetectedFace> faces_;
};

}  // namespace immich::ml
