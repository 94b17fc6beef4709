#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ml/models/objects/object_box.hpp"
#include "ml/sessions/inference_session.hpp"

namespace immich::ml {

/// How the outputs of a detector are to be read; found from the graph.
enum class ObjectHeadKind {
  kRows,  ///< [1, n, 6]: x1, y1, x2, y2, score, label in input pixels (YOLOv10, CenterNet; NMS in the graph or not)
  kBatchedRows,  ///< [n, 7]: picture, x1, y1, x2, y2, label, score (YOLOv7 with NMS in the graph)
  kColumns,      ///< [1, 4 + labels, n]: centre x, centre y, width, height, then a score per label (YOLOv8 and later)
  kAnchors,      ///< [1, n, 5 + labels]: centre, size, objectness, then a score per label (YOLOv5, v7, X)
  kQueries,      ///< boxes [1, n, 4] (centre and size from 0 to 1) and logits [1, n, labels (+1)] (DETR, RT-DETR)
  kBoxesAndLabels,  ///< boxes [(1,) n, 4] in input pixels, labels [(1,) n] whole numbers, scores [(1,) n]
};

/// Outputs of a graph and how to read them.
struct ObjectHead {
  ObjectHeadKind kind = ObjectHeadKind::kRows;
  /// Positions in Outputs(): the one output, or boxes, labels/logits, scores.
  std::size_t boxes = 0;
  std::size_t labels = 0;
  std::size_t scores = 0;
  /// The last class of kQueries means "nothing" and the scores are a softmax (DETR).
  bool has_nothing_class = false;
};

/// Throws ModelLoadError when the outputs are of no known kind. `label_count` is what the model's files say, 0 when
/// they say nothing.
ObjectHead FindObjectHead(const std::vector<TensorInfo>& outputs, std::size_t label_count);

/// Boxes with at least `min_score` in pixels of the input, not suppressed. Shapes that do not fit give no boxes.
std::vector<ObjectBox> ReadObjectBoxes(const ObjectHead& head, std::span<const Tensor> outputs, float min_score,
                                       int input_width, int input_height);

}  // namespace immich::ml
