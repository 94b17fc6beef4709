#include "ml/models/clip/clip_embedding.hpp"

#include <algorithm>

#include "ml/models/model_config.hpp"
#include "platform/error/error.hpp"
#include "platform/json/json_writer.hpp"

namespace immich::ml {
namespace {

/// Rows of all requests, input by input.
std::vector<Tensor> Gather(std::span<Prepared* const> batch) {
  const auto& first = static_cast<const PreparedClip&>(*batch.front());
  if (batch.size() == 1) return first.inputs;
  std::vector<Tensor> gathered;
  for (std::size_t i = 0; i < first.inputs.size(); ++i) {
    std::vector<Tensor> rows;
    for (const Prepared* one : batch) rows.push_back(static_cast<const PreparedClip&>(*one).inputs[i]);
    gathered.push_back(ConcatRows(rows));
  }
  return gathered;
}

}  // namespace

std::string ClipOutput::ToJson() const {
  std::string out;
  json::AppendString(out, NumbersAsText(embedding_));
  return out;
}

std::size_t FindEmbeddingOutput(const InferenceSession& session) {
  const auto& outputs = session.Outputs();
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].shape.size() == 2) return i;
  }
  throw ModelLoadError("the graph has no output of the shape of embeddings");
}

void InferEmbeddings(const InferenceSession& session, std::size_t output, std::size_t max_rows,
                     std::span<Prepared* const> batch) {
  const std::array<std::size_t, 1> wanted{output};
  for (std::size_t done = 0; done < batch.size();) {
    const auto part = batch.subspan(done, std::min(max_rows, batch.size() - done));
    const Tensor embeddings = session.Run(Gather(part), wanted).at(0).ConvertedTo(ElementType::kFloat32);
    if (embeddings.dim(0) != static_cast<std::int64_t>(part.size())) throw InternalError("the graph lost rows");
    const std::size_t length = embeddings.count() / part.size();
    for (std::size_t i = 0; i < part.size(); ++i) {
      const auto row = embeddings.As<float>().subspan(i * length, length);
      static_cast<PreparedClip&>(*part[i]).embedding.assign(row.begin(), row.end());
    }
    done += part.size();
  }
}

}  // namespace immich::ml
