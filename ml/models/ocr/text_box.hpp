#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "ml/imaging/image_warp.hpp"
#include "ml/models/model_task.hpp"

namespace immich::ml {

/// A line of text: corners in pixels of the picture that was sent, from the upper left clockwise.
struct TextBox {
  std::array<Point2, 4> corners{};
  float score = 0;
};

/// What the detection found, in reading order, for the recognition of the same picture.
class TextBoxes final : public ModelOutput {
 public:
  explicit TextBoxes(std::vector<TextBox> boxes) : boxes_(std::move(boxes)) {}
  const std::vector<TextBox>& boxes() const { return boxes_; }
  /// `{"boxes": […], "scores": […]}`; sent only when a request asks for nothing more.
  std::string ToJson() const override;

 private:
  std::vector<TextBox> boxes_;
};

/// Lines from the top down (a gap of 10 pixels begins a new one), each from left to right.
void SortForReading(std::vector<TextBox>& boxes);

}  // namespace immich::ml
