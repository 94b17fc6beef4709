#pragma once

#include <filesystem>
#include <string>
#include <string_view>

struct OrtApi;
struct OrtEnv;

namespace immich::ml {

/// Threads that all graphs of the process share.
struct RuntimeThreads {
  /// Threads one operator may use, all running graphs together; at least 1 (the calling thread counts).
  int intra_op = 2;
  /// Operators of one graph side by side; 1: one after the other.
  int inter_op = 1;
};

/// ONNX Runtime, loaded when the first model needs it: a program without models does not pay for it, and one binary
/// runs on every version from 1.21 on.
class OnnxRuntime {
 public:
  /// Looks at `library` only when it is given; else at $IMMICH_ONNXRUNTIME, `lib/immich` and `lib` beside the program
  /// and its parents, then where the loader looks for `libonnxruntime.so.1`. Throws ModelResourceError.
  static OnnxRuntime& Get();
  /// Before the first Get; without effect afterwards.
  static void Configure(RuntimeThreads threads, std::filesystem::path library = {});
  /// The first Get has happened.
  static bool IsLoaded();

  const OrtApi& api() const { return *api_; }
  OrtEnv* env() const { return env_; }
  const std::string& version() const { return version_; }

 private:
  OnnxRuntime();
  const OrtApi* api_ = nullptr;
  OrtEnv* env_ = nullptr;
  std::string version_;
};

}  // namespace immich::ml
