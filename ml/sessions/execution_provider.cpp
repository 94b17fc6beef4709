#include "ml/sessions/execution_provider.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <set>

#include "ml/sessions/ort_status.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"

namespace immich::ml {
namespace {

struct ProviderName {
  ExecutionProvider provider;
  std::string_view shown;
  /// As the runtime lists it.
  std::string_view runtime_name;
};

constexpr std::array<ProviderName, 6> kProviders = {{
    {ExecutionProvider::kCuda, "CUDA", "CUDAExecutionProvider"},
    {ExecutionProvider::kMigraphx, "MIGraphX", "MIGraphXExecutionProvider"},
    {ExecutionProvider::kRocm, "ROCm", "ROCMExecutionProvider"},
    {ExecutionProvider::kOpenvino, "OpenVINO", "OpenVINOExecutionProvider"},
    {ExecutionProvider::kCoreml, "CoreML", "CoreMLExecutionProvider"},
    {ExecutionProvider::kCpu, "CPU", "CPUExecutionProvider"},
}};

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::vector<ExecutionProvider> OfferedProviders(const OnnxRuntime& runtime) {
  char** names = nullptr;
  int count = 0;
  CheckStatus(runtime.api(), runtime.api().GetAvailableProviders(&names, &count));
  std::vector<ExecutionProvider> offered;
  for (const ProviderName& known : kProviders) {
    if (std::any_of(names, names + count, [&](const char* name) { return known.runtime_name == name; })) {
      offered.push_back(known.provider);
    }
  }
  CheckStatus(runtime.api(), runtime.api().ReleaseAvailableProviders(names, count));
  return offered;
}

void WarnOnceNotOffered(ExecutionProvider provider) {
  static std::mutex mutex;
  static std::set<ExecutionProvider> warned;
  const std::scoped_lock lock(mutex);
  if (warned.insert(provider).second) {
    log::Warn("Sessions", "this ONNX Runtime has no {} execution provider; trying the next", ToString(provider));
  }
}

void AppendCuda(const OrtApi& api, OrtSessionOptions& options, const std::string& device_id) {
  OrtCUDAProviderOptionsV2* created = nullptr;
  CheckStatus(api, api.CreateCUDAProviderOptions(&created));
  const OrtHandle<OrtCUDAProviderOptionsV2> cuda(created, api.ReleaseCUDAProviderOptions);
  // Grows by what is asked for instead of by powers of two: the card is shared.
  const std::array<const char*, 3> keys = {"device_id", "arena_extend_strategy", "cudnn_conv_algo_search"};
  const std::array<const char*, 3> values = {device_id.c_str(), "kSameAsRequested", "HEURISTIC"};
  CheckStatus(api, api.UpdateCUDAProviderOptions(cuda.get(), keys.data(), values.data(), keys.size()));
  CheckStatus(api, api.SessionOptionsAppendExecutionProvider_CUDA_V2(&options, cuda.get()));
}

void AppendMigraphx(const OrtApi& api, OrtSessionOptions& options, int device_id, const ProviderSettings& settings) {
  OrtMIGraphXProviderOptions migraphx{};
  migraphx.device_id = device_id;
  migraphx.migraphx_fp16_enable = settings.rocm_precision == "FP16" ? 1 : 0;
  CheckStatus(api, api.SessionOptionsAppendExecutionProvider_MIGraphX(&options, &migraphx));
}

void AppendOpenvino(const OrtApi& api, OrtSessionOptions& options, const std::string& device_id,
                    const ProviderSettings& settings) {
  std::error_code ignored;
  const bool has_gpu = std::filesystem::exists("/dev/dri", ignored);
  const std::string device = has_gpu ? "GPU." + device_id : "CPU";
  const std::array<const char*, 2> keys = {"device_type", "precision"};
  const std::array<const char*, 2> values = {device.c_str(), settings.openvino_precision.c_str()};
  CheckStatus(api,
              api.SessionOptionsAppendExecutionProvider_OpenVINO_V2(&options, keys.data(), values.data(), keys.size()));
}

}  // namespace

std::string_view ToString(ExecutionProvider provider) {
  return kProviders[static_cast<std::size_t>(provider)].shown;
}

ExecutionProvider ParseExecutionProvider(std::string_view name) {
  for (const ProviderName& known : kProviders) {
    if (EqualsIgnoringCase(name, known.shown) || EqualsIgnoringCase(name, known.runtime_name)) return known.provider;
  }
  throw InternalError("unknown execution provider `" + std::string(name) +
                      "`: expected cuda, migraphx, rocm, openvino, coreml or cpu");
}

std::vector<ExecutionProvider> ProvidersToTry(const OnnxRuntime& runtime, const ProviderSettings& settings) {
  const std::vector<ExecutionProvider> offered = OfferedProviders(runtime);
  std::vector<ExecutionProvider> result;
  for (const ExecutionProvider provider : settings.wanted.empty() ? offered : settings.wanted) {
    if (provider == ExecutionProvider::kCpu) continue;
    if (std::find(offered.begin(), offered.end(), provider) == offered.end()) {
      WarnOnceNotOffered(provider);
    } else {
      result.push_back(provider);
    }
  }
  result.push_back(ExecutionProvider::kCpu);
  return result;
}

void AppendProvider(const OnnxRuntime& runtime, OrtSessionOptions& options, ExecutionProvider provider,
                    const std::string& device_id, const ProviderSettings& settings) {
  const OrtApi& api = runtime.api();
  const int device = std::atoi(device_id.c_str());
  switch (provider) {
    case ExecutionProvider::kCuda:
      return AppendCuda(api, options, device_id);
    case ExecutionProvider::kMigraphx:
      return AppendMigraphx(api, options, device, settings);
    case ExecutionProvider::kRocm: {
      OrtROCMProviderOptions rocm{};
      rocm.device_id = device;
      return CheckStatus(api, api.SessionOptionsAppendExecutionProvider_ROCM(&options, &rocm));
    }
    case ExecutionProvider::kOpenvino:
      return AppendOpenvino(api, options, device_id, settings);
    case ExecutionProvider::kCoreml:
      return CheckStatus(api, api.SessionOptionsAppendExecutionProvider(&options, "CoreML", nullptr, nullptr, 0));
    case ExecutionProvider::kCpu:
      return;
  }
}

}  // namespace immich::ml
