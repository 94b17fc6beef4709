#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ml/sessions/onnx_runtime.hpp"

struct OrtSessionOptions;

namespace immich::ml {

/// What may run a graph; the order is the order of preference.
enum class ExecutionProvider { kCuda, kMigraphx, kRocm, kOpenvino, kCoreml, kCpu };

/// `CUDA`, `MIGraphX`…
std::string_view ToString(ExecutionProvider provider);
/// Any case. Throws InternalError that names the possible names.
ExecutionProvider ParseExecutionProvider(std::string_view name);

struct ProviderSettings {
  /// Empty: what the runtime offers, in order of preference. CPU is always tried last.
  std::vector<ExecutionProvider> wanted;
  /// MACHINE_LEARNING_OPENVINO_PRECISION: FP32, FP16.
  std::string openvino_precision = "FP32";
  /// MACHINE_LEARNING_ROCM_PRECISION: FP32, FP16.
  std::string rocm_precision = "FP32";
};

/// Providers to try for a graph, CPU last. A wanted provider the runtime was not built with is left out with a warning,
/// once.
std::vector<ExecutionProvider> ProvidersToTry(const OnnxRuntime& runtime, const ProviderSettings& settings);

/// Adds the provider to the options of a session; nothing to do for CPU. Throws OrtError when the runtime cannot start
/// it.
void AppendProvider(const OnnxRuntime& runtime, OrtSessionOptions& options, ExecutionProvider provider,
                    const std::string& device_id, const ProviderSettings& settings);

}  // namespace immich::ml
