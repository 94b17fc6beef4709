#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "ml/sessions/execution_provider.hpp"
#include "ml/sessions/inference_session.hpp"
#include "ml/sessions/onnx_runtime.hpp"
#include "ml/sessions/ort_status.hpp"

namespace immich::ml {

struct InferenceSession::Impl {
  /// The graph on one device.
  struct Device {
    Device(OrtSession* session, const OrtApi& api) : handle(session, api.ReleaseSession) {}
    OrtHandle<OrtSession> handle;
    std::atomic<int> running = 0;
  };

  explicit Impl(const OnnxRuntime& onnx_runtime) : runtime(onnx_runtime) {}
  /// Reads names, types and shapes of inputs and outputs from the first device's session. Throws ModelLoadError for
  /// types the service does not handle.
  void Inspect();
  Device& LeastBusy();

  const OnnxRuntime& runtime;
  ExecutionProvider provider = ExecutionProvider::kCpu;
  std::vector<std::unique_ptr<Device>> devices;
  std::vector<TensorInfo> inputs, outputs;
  std::vector<const char*> input_names, output_names;
};

}  // namespace immich::ml
