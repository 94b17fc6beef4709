#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ml/models/model_task.hpp"

namespace immich::ml {

/// One row of numbers on its way through a CLIP tower.
struct PreparedClip final : Prepared {
  /// One per input of the graph, first axis 1.
  std::vector<Tensor> inputs;
  std::vector<float> embedding;
};

/// An embedding; sent as a text that holds a JSON array.
class ClipOutput final : public ModelOutput {
 public:
  explicit ClipOutput(std::vector<float> embedding) : embedding_(std::move(embedding)) {}
  std::string ToJson() const override;

 private:
  std::vector<float> embedding_;
};

/// Position of the output that holds the embeddings: rank 2. Throws ModelLoadError when there is none.
std::size_t FindEmbeddingOutput(const InferenceSession& session);
/// Runs the requests in batches of at most `max_rows` and gives each its embedding.
void InferEmbeddings(const InferenceSession& session, std::size_t output, std::size_t max_rows,
                     std::span<Prepared* const> batch);

}  // namespace immich::ml
