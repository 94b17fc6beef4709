#include "ml/models/objects/object_head.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "ml/models/model_error.hpp"

namespace immich::ml {
namespace {

using Numbers = std::span<const float>;

bool IsWhole(ElementType type) {
  return type == ElementType::kInt32 || type == ElementType::kInt64;
}

/// Rank without a leading axis of one picture.
std::size_t RankPerPicture(const Shape& shape) {
  return shape.size() - (shape.size() > 1 && shape.front() == 1 ? 1 : 0);
}

std::optional<ObjectHead> FindSeparateHead(const std::vector<TensorInfo>& outputs, std::size_t label_count) {
  std::optional<std::size_t> boxes, labels, scores, logits;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Shape& shape = outputs[i].shape;
    if (shape.empty()) continue;
    if ((shape.size() == 2 || shape.size() == 3) && shape.back() == 4) {
      if (!boxes) boxes = i;
    } else if (IsWhole(outputs[i].type) && RankPerPicture(shape) == 1) {
      if (!labels) labels = i;
    } else if (shape.size() == 3 && !logits) {
      logits = i;
    } else if (RankPerPicture(shape) == 1 && !scores) {
      scores = i;
    }
  }
  if (boxes && labels && scores) return ObjectHead{ObjectHeadKind::kBoxesAndLabels, *boxes, *labels, *scores};
  if (!boxes || !logits) return std::nullopt;
  const std::int64_t classes = outputs[*logits].shape.back();
  // DETR has 91 COCO ids and "nothing"; RT-DETR one score per label.
  const bool nothing = classes == 92 || (label_count > 0 && classes == static_cast<std::int64_t>(label_count) + 1);
  return ObjectHead{ObjectHeadKind::kQueries, *boxes, *logits, 0, nothing};
}

std::optional<ObjectHead> FindSingleHead(const std::vector<TensorInfo>& outputs, std::size_t label_count) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Shape& shape = outputs[i].shape;
    if (shape.size() == 2 && shape[1] == 7) return ObjectHead{ObjectHeadKind::kBatchedRows, i};
    if (shape.size() != 3) continue;
    if (shape[2] == 6 && label_count != 1) return ObjectHead{ObjectHeadKind::kRows, i};
    const bool columns = shape[1] > 4 && (shape[2] < 0 || shape[2] > shape[1]);
    if (columns) return ObjectHead{ObjectHeadKind::kColumns, i};
    if (shape[2] > 5) return ObjectHead{ObjectHeadKind::kAnchors, i};
  }
  return std::nullopt;
}

/// -1, which names nothing, for what is no class.
int LabelOf(float number) {
  constexpr float kMaxLabel = 1'000'000;
  return number >= 0 && number < kMaxLabel ? static_cast<int>(number) : -1;
}

ObjectBox FromCentre(float x, float y, float width, float height, float score, int label) {
  return {x - width / 2, y - height / 2, x + width / 2, y + height / 2, score, label};
}

std::vector<ObjectBox> ReadRows(const Tensor& output, float min_score) {
  std::vector<ObjectBox> boxes;
  const Numbers numbers = output.As<float>();
  for (std::size_t at = 0; at + 6 <= numbers.size(); at += 6) {
    const float* row = numbers.data() + at;
    if (row[4] >= min_score) boxes.push_back({row[0], row[1], row[2], row[3], row[4], LabelOf(row[5])});
  }
  return boxes;
}

std::vector<ObjectBox> ReadBatchedRows(const Tensor& output, float min_score) {
  std::vector<ObjectBox> boxes;
  const Numbers numbers = output.As<float>();
  for (std::size_t at = 0; at + 7 <= numbers.size(); at += 7) {
    const float* row = numbers.data() + at;
    if (row[6] >= min_score) boxes.push_back({row[1], row[2], row[3], row[4], row[6], LabelOf(row[5])});
  }
  return boxes;
}

std::vector<ObjectBox> ReadColumns(const Tensor& output, float min_score) {
  std::vector<ObjectBox> boxes;
  if (output.shape().size() != 3 || output.dim(0) != 1 || output.dim(1) <= 4) return boxes;
  const Numbers numbers = output.As<float>();
  const auto fields = static_cast<std::size_t>(output.dim(1));
  const auto count = static_cast<std::size_t>(output.dim(2));
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t best = 4;
    for (std::size_t field = 5; field < fields; ++field) {
      if (numbers[field * count + i] > numbers[best * count + i]) best = field;
    }
    const float score = numbers[best * count + i];
    if (score < min_score) continue;
    boxes.push_back(FromCentre(numbers[i], numbers[count + i], numbers[2 * count + i], numbers[3 * count + i], score,
                               static_cast<int>(best - 4)));
  }
  return boxes;
}

std::vector<ObjectBox> ReadAnchors(const Tensor& output, float min_score) {
  std::vector<ObjectBox> boxes;
  if (output.shape().size() != 3 || output.dim(2) <= 5) return boxes;
  const Numbers numbers = output.As<float>();
  const auto fields = static_cast<std::size_t>(output.dim(2));
  for (std::size_t at = 0; at + fields <= numbers.size(); at += fields) {
    const Numbers row = numbers.subspan(at, fields);
    if (row[4] < min_score) continue;
    const auto best = std::max_element(row.begin() + 5, row.end());
    const float score = row[4] * *best;
    if (score < min_score) continue;
    boxes.push_back(FromCentre(row[0], row[1], row[2], row[3], score, static_cast<int>(best - row.begin() - 5)));
  }
  return boxes;
}

/// Probability of the best class: softmax over all when one of them means "nothing", else its sigmoid.
float ScoreOf(Numbers logits, float best, bool softmax) {
  if (!softmax) return 1 / (1 + std::exp(-best));
  float sum = 0;
  for (const float logit : logits) sum += std::exp(logit - best);
  return 1 / sum;
}

std::vector<ObjectBox> ReadQueries(const ObjectHead& head, const Tensor& boxes, const Tensor& logits, float min_score,
                                   int width, int height) {
  std::vector<ObjectBox> found;
  if (logits.shape().size() != 3 || logits.dim(2) < 1 || boxes.count() != static_cast<std::size_t>(logits.dim(1)) * 4) {
    return found;
  }
  const auto classes = static_cast<std::size_t>(logits.dim(2));
  const std::size_t named = classes - (head.has_nothing_class ? 1 : 0);
  const auto w = static_cast<float>(width);
  const auto h = static_cast<float>(height);
  for (std::size_t i = 0; i < static_cast<std::size_t>(logits.dim(1)); ++i) {
    const Numbers row = logits.As<float>().subspan(i * classes, classes);
    const auto best = std::max_element(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(named));
    if (best == row.begin() + static_cast<std::ptrdiff_t>(named)) continue;
    const float largest = *std::max_element(row.begin(), row.end());
    const float score =
        head.has_nothing_class ? std::exp(*best - largest) * ScoreOf(row, largest, true) : ScoreOf(row, *best, false);
    if (score < min_score) continue;
    const Numbers box = boxes.As<float>().subspan(i * 4, 4);
    found.push_back(
        FromCentre(box[0] * w, box[1] * h, box[2] * w, box[3] * h, score, static_cast<int>(best - row.begin())));
  }
  return found;
}

std::vector<ObjectBox> ReadSeparate(const Tensor& boxes, const Tensor& labels, const Tensor& scores, float min_score) {
  std::vector<ObjectBox> found;
  const Tensor ids = labels.ConvertedTo(ElementType::kInt64);
  const std::size_t count = std::min({boxes.count() / 4, ids.count(), scores.count()});
  for (std::size_t i = 0; i < count; ++i) {
    const float score = scores.As<float>()[i];
    if (score < min_score) continue;
    const Numbers box = boxes.As<float>().subspan(i * 4, 4);
    found.push_back(
        {box[0], box[1], box[2], box[3], score, static_cast<int>(std::as_const(ids).As<std::int64_t>()[i])});
  }
  return found;
}

}  // namespace

ObjectHead FindObjectHead(const std::vector<TensorInfo>& outputs, std::size_t label_count) {
  if (outputs.size() > 1) {
    if (const auto head = FindSeparateHead(outputs, label_count)) return *head;
  }
  if (const auto head = FindSingleHead(outputs, label_count)) return *head;
  throw ModelLoadError("the outputs are not those of an object detector this service knows");
}

std::vector<ObjectBox> ReadObjectBoxes(const ObjectHead& head, std::span<const Tensor> outputs, float min_score,
                                       int input_width, int input_height) {
  const Tensor& first = outputs[head.boxes];
  switch (head.kind) {
    case ObjectHeadKind::kRows:
      return ReadRows(first, min_score);
    case ObjectHeadKind::kBatchedRows:
      return ReadBatchedRows(first, min_score);
    case ObjectHeadKind::kColumns:
      return ReadColumns(first, min_score);
    case ObjectHeadKind::kAnchors:
      return ReadAnchors(first, min_score);
    case ObjectHeadKind::kQueries:
      return ReadQueries(head, first, outputs[head.labels], min_score, input_width, input_height);
    case ObjectHeadKind::kBoxesAndLabels:
      return ReadSeparate(first, outputs[head.labels], outputs[head.scores], min_score);
  }
  return {};
}

}  // namespace immich::ml
