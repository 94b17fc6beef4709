#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ml/sessions/tensor.hpp"

namespace immich::ml {

/// An input or output of a graph, as the graph declares it.
struct TensorInfo {
  std::string name;
  ElementType type = ElementType::kFloat32;
  /// -1 where the axis is dynamic.
  Shape shape;
};

/// One opened graph. Thread-safe; Run blocks, so it is called on a worker thread.
class InferenceSession {
 public:
  struct Impl;
  explicit InferenceSession(std::unique_ptr<Impl> impl);
  ~InferenceSession();
  InferenceSession(const InferenceSession&) = delete;
  InferenceSession& operator=(const InferenceSession&) = delete;

  const std::vector<TensorInfo>& Inputs() const;
  const std::vector<TensorInfo>& Outputs() const;
  /// Position of the input or output called `name`.
  std::optional<std::size_t> FindInput(std::string_view name) const;
  std::optional<std::size_t> FindOutput(std::string_view name) const;
  /// The graph takes any number of rows: the first axis of every input is dynamic.
  bool has_dynamic_batch() const;
  /// `CPU`, `CUDA`, `MIGraphX`, `ROCm`, `OpenVINO`: what runs the graph.
  std::string_view provider() const;
  /// Custom metadata of the model file (`metadata_props`); nullopt when the key is absent.
  std::optional<std::string> FindMetadata(std::string_view key) const;

  /// Runs the graph on one tensor per input, in the order of Inputs(). A float32 tensor for a float16 input, and int32
  /// for int64 (and back), is converted. Returns `outputs` (positions in Outputs()), all when empty; float16 and
  /// float64 outputs come as float32. Throws InternalError with the runtime's reason.
  std::vector<Tensor> Run(std::span<const Tensor> inputs, std::span<const std::size_t> outputs = {}) const;

 private:
  std::unique_ptr<Impl> impl_;
};

/// Opens graphs with the settings of the process (providers, threads, arena). Thread-safe.
class SessionFactory {
 public:
  virtual ~SessionFactory() = default;
  /// Tries the execution providers in order and falls back to the next. Throws ModelLoadError (model_error.hpp) when
  /// the file cannot be opened by any.
  virtual std::shared_ptr<InferenceSession> Open(const std::filesystem::path& onnx_file) = 0;
};

}  // namespace immich::ml
