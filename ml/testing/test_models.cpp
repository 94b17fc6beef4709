#include "ml/testing/test_models.hpp"

#include "ml/models/model_error.hpp"
#include "ml/sessions/onnx_runtime.hpp"

namespace immich::ml::testing {
namespace {

namespace fs = std::filesystem;

/// Tests run in the root of the repository.
fs::path FirstThatExists(std::initializer_list<const char*> candidates) {
  for (const char* candidate : candidates) {
    std::error_code error;
    if (fs::exists(candidate, error)) return candidate;
  }
  return {};
}

}  // namespace

bool HasRuntime() {
  static const bool has = [] {
    try {
      OnnxRuntime::Get();
      return true;
    } catch (const ModelResourceError&) {
      return false;
    }
  }();
  return has;
}

fs::path ModelsFolder() {
  return FirstThatExists({"../shared/models", ".deps/ml-models"});
}

fs::path FindModel(std::string_view relative) {
  for (const char* folder : {"../shared/models", ".deps/ml-models"}) {
    const fs::path file = fs::path(folder) / relative;
    std::error_code error;
    if (fs::exists(file, error)) return file;
  }
  return {};
}

fs::path MediaFolder() {
  return FirstThatExists({"../shared/media"});
}

}  // namespace immich::ml::testing
