#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "ml/sessions/execution_provider.hpp"
#include "ml/sessions/inference_session.hpp"

namespace immich::ml {

struct SessionSettings {
  ProviderSettings providers;
  /// MACHINE_LEARNING_DEVICE_IDS: a graph is opened once per device; runs go to the one with the least to do.
  std::vector<std::string> device_ids{"0"};
  /// MACHINE_LEARNING_MODEL_ARENA: memory for intermediate results is kept between runs (faster, larger).
  bool arena = true;
  /// More than 1: independent operators of a graph run side by side.
  int inter_op_threads = 1;
};

/// Opens graphs with ONNX Runtime.
class OnnxSessionFactory final : public SessionFactory {
 public:
  explicit OnnxSessionFactory(SessionSettings settings) : settings_(std::move(settings)) {}
  std::shared_ptr<InferenceSession> Open(const std::filesystem::path& onnx_file) override;

 private:
  /// False when the provider failed to start before; a provider that fails on one graph only is tried again.
  bool MayTry(ExecutionProvider provider);
  std::shared_ptr<InferenceSession> OpenWith(ExecutionProvider provider, const std::filesystem::path& onnx_file);

  SessionSettings settings_;
  std::mutex mutex_;
  std::set<ExecutionProvider> unusable_;
};

}  // namespace immich::ml
