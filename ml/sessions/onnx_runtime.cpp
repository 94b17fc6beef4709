#include "ml/sessions/onnx_runtime.hpp"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "ml/models/model_error.hpp"
#include "ml/sessions/ort_status.hpp"
#include "platform/log/log.hpp"

#if __has_feature(address_sanitizer)
/// Reading the processor's features leaves 14 bytes behind, once per process.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:libonnxruntime";
}
extern "C" const char* __lsan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "print_suppressions=0";
}
#endif

namespace immich::ml {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLibraryName = "libonnxruntime.so.1";
constexpr int kParentsSearched = 5;

struct Settings {
  std::mutex mutex;
  RuntimeThreads threads;
  fs::path library;
};

Settings& TheSettings() {
  static Settings settings;
  return settings;
}

std::atomic<bool>& LoadedFlag() {
  static std::atomic<bool> loaded = false;
  return loaded;
}

/// Files to try, in order; the last entry leaves the search to the loader.
std::vector<fs::path> Candidates(const fs::path& configured) {
  if (!configured.empty()) return {configured};
  if (const char* path = std::getenv("IMMICH_ONNXRUNTIME"); path != nullptr && *path != '\0') return {path};
  std::vector<fs::path> files;
  std::error_code error;
  fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (int i = 0; i <= kParentsSearched && !error; ++i) {
    for (const char* place : {"lib/immich", "lib", ".deps/onnxruntime/lib"}) {
      const fs::path file = folder / place / kLibraryName;
      std::error_code ignored;
      if (fs::exists(file, ignored)) files.push_back(file);
    }
    folder = folder.parent_path();
  }
  files.emplace_back(kLibraryName);
  return files;
}

const OrtApiBase* LoadLibrary(const fs::path& configured) {
  std::string reasons;
  for (const fs::path& file : Candidates(configured)) {
    void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      reasons += std::string(reasons.empty() ? "" : "; ") + dlerror();
      continue;
    }
    void* entry = dlsym(handle, "OrtGetApiBase");
    if (entry != nullptr) return reinterpret_cast<const OrtApiBase* (*)()>(entry)();
    reasons += file.string() + " is no ONNX Runtime";
  }
  throw ModelResourceError("ONNX Runtime cannot be loaded: " + reasons);
}

void ORT_API_CALL WriteLog(void*, OrtLoggingLevel severity, const char* category, const char*, const char* location,
                           const char* message) {
  // Warnings of the runtime are about nodes it left to the CPU and constants it could fold: nothing for operators.
  const log::Level level = severity >= ORT_LOGGING_LEVEL_ERROR     ? log::Level::kWarn
                           : severity == ORT_LOGGING_LEVEL_WARNING ? log::Level::kDebug
                                                                   : log::Level::kVerbose;
  log::Log(level, "OnnxRuntime", "{} ({}, {})", message, category, location);
}

}  // namespace

OnnxRuntime::OnnxRuntime() {
  Settings& settings = TheSettings();
  const std::scoped_lock lock(settings.mutex);
  const OrtApiBase* base = LoadLibrary(settings.library);
  version_ = base->GetVersionString();
  api_ = base->GetApi(ORT_API_VERSION);
  if (api_ == nullptr) {
    throw ModelResourceError("ONNX Runtime " + version_ + " is too old: version 1." + std::to_string(ORT_API_VERSION) +
                             " or newer is needed");
  }
  OrtThreadingOptions* threads = nullptr;
  CheckStatus(*api_, api_->CreateThreadingOptions(&threads));
  CheckStatus(*api_, api_->SetGlobalIntraOpNumThreads(threads, settings.threads.intra_op));
  CheckStatus(*api_, api_->SetGlobalInterOpNumThreads(threads, settings.threads.inter_op));
  // A spinning thread takes a core from decoding, and the machine from other programs.
  CheckStatus(*api_, api_->SetGlobalSpinControl(threads, 0));
  OrtStatus* status = api_->CreateEnvWithCustomLoggerAndGlobalThreadPools(
      WriteLog, nullptr, log::IsEnabled(log::Level::kDebug) ? ORT_LOGGING_LEVEL_WARNING : ORT_LOGGING_LEVEL_ERROR,
      "immich", threads, &env_);
  api_->ReleaseThreadingOptions(threads);
  CheckStatus(*api_, status);
  CheckStatus(*api_, api_->DisableTelemetryEvents(env_));
  LoadedFlag() = true;
  log::Info("OnnxRuntime", "ONNX Runtime {}, {} threads an operator", version_, settings.threads.intra_op);
}

OnnxRuntime& OnnxRuntime::Get() {
  // Never destroyed: its threads may outlive main's statics.
  static auto* const runtime = new OnnxRuntime();
  return *runtime;
}

void OnnxRuntime::Configure(RuntimeThreads threads, std::filesystem::path library) {
  Settings& settings = TheSettings();
  const std::scoped_lock lock(settings.mutex);
  settings.threads = threads;
  settings.library = std::move(library);
}

bool OnnxRuntime::IsLoaded() {
  return LoadedFlag();
}

}  // namespace immich::ml
