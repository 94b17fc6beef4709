#include "ml/sessions/session_factory.hpp"

#include <new>

#include "ml/models/model_error.hpp"
#include "ml/sessions/inference_session_impl.hpp"
#include "platform/log/log.hpp"

namespace immich::ml {
namespace {

OrtHandle<OrtSessionOptions> MakeOptions(const OrtApi& api, const SessionSettings& settings) {
  OrtSessionOptions* created = nullptr;
  CheckStatus(api, api.CreateSessionOptions(&created));
  OrtHandle<OrtSessionOptions> options(created, api.ReleaseSessionOptions);
  CheckStatus(api, api.DisablePerSessionThreads(created));
  CheckStatus(api, api.SetSessionGraphOptimizationLevel(created, ORT_ENABLE_ALL));
  CheckStatus(api, api.SetSessionExecutionMode(created, settings.inter_op_threads > 1 ? ORT_PARALLEL : ORT_SEQUENTIAL));
  // Weights are read once and stay: outside of the arena they cost what they weigh, not the next power of two.
  CheckStatus(api, api.AddSessionConfigEntry(created, "session.use_device_allocator_for_initializers", "1"));
  if (!settings.arena) {
    CheckStatus(api, api.DisableCpuMemArena(created));
  }
  return options;
}

/// Missing memory must not look like a broken file: that would download it again.
bool IsOutOfMemory(const std::string& message) {
  return message.find("bad_alloc") != std::string::npos || message.find("allocate memory") != std::string::npos ||
         message.find("out of memory") != std::string::npos;
}

}  // namespace

bool OnnxSessionFactory::MayTry(ExecutionProvider provider) {
  const std::scoped_lock lock(mutex_);
  return !unusable_.contains(provider);
}

/// Null when the provider itself cannot start. Throws OrtError when it cannot open the graph.
std::shared_ptr<InferenceSession> OnnxSessionFactory::OpenWith(ExecutionProvider provider,
                                                               const std::filesystem::path& onnx_file) {
  const OnnxRuntime& runtime = OnnxRuntime::Get();
  const OrtApi& api = runtime.api();
  auto impl = std::make_unique<InferenceSession::Impl>(runtime);
  impl->provider = provider;
  for (const std::string& device_id : settings_.device_ids) {
    const auto options = MakeOptions(api, settings_);
    try {
      AppendProvider(runtime, *options, provider, device_id, settings_.providers);
    } catch (const OrtError& failure) {
      log::Warn("Sessions", "{} cannot start (device {}), trying the next execution provider: {}", ToString(provider),
                device_id, failure.what());
      const std::scoped_lock lock(mutex_);
      unusable_.insert(provider);
      return nullptr;
    }
    OrtSession* session = nullptr;
    CheckStatus(api, api.CreateSession(runtime.env(), onnx_file.c_str(), options.get(), &session));
    impl->devices.push_back(std::make_unique<InferenceSession::Impl::Device>(session, api));
    if (provider == ExecutionProvider::kCpu) break;
  }
  impl->Inspect();
  return std::make_shared<InferenceSession>(std::move(impl));
}

std::shared_ptr<InferenceSession> OnnxSessionFactory::Open(const std::filesystem::path& onnx_file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(onnx_file, error)) {
    throw ModelLoadError(onnx_file.filename().string() + " is missing in " + onnx_file.parent_path().string());
  }
  for (const ExecutionProvider provider : ProvidersToTry(OnnxRuntime::Get(), settings_.providers)) {
    if (!MayTry(provider)) continue;
    try {
      auto session = OpenWith(provider, onnx_file);
      if (!session) continue;
      log::Debug("Sessions", "{} runs on {}", onnx_file.string(), ToString(provider));
      return session;
    } catch (const OrtError& failure) {
      if (provider == ExecutionProvider::kCpu) {
        if (IsOutOfMemory(failure.what())) throw ModelResourceError(std::string("out of memory: ") + failure.what());
        throw ModelLoadError(failure.what());
      }
      log::Warn("Sessions", "{} cannot run on {}, trying the next execution provider: {}", onnx_file.string(),
                ToString(provider), failure.what());
    } catch (const std::bad_alloc&) {
      throw ModelResourceError("out of memory while opening " + onnx_file.string());
    }
  }
  throw ModelLoadError("no execution provider opened " + onnx_file.string());
}

}  // namespace immich::ml
