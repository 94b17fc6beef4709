#pragma once

#include <onnxruntime_c_api.h>

#include <memory>
#include <stdexcept>
#include <string>

// Shared by the files of ml/sessions, the only ones that see ONNX Runtime.
namespace immich::ml {

/// What the runtime answered; `code` tells a broken file from missing memory.
class OrtError : public std::runtime_error {
 public:
  OrtError(OrtErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  OrtErrorCode code() const { return code_; }

 private:
  OrtErrorCode code_;
};

/// Takes the status; throws OrtError when it is one.
inline void CheckStatus(const OrtApi& api, OrtStatus* status) {
  if (status == nullptr) return;
  const OrtErrorCode code = api.GetErrorCode(status);
  const std::string message = api.GetErrorMessage(status);
  api.ReleaseStatus(status);
  throw OrtError(code, message);
}

/// Owns an object of the runtime; the deleter is the function of the API that releases it.
template <class T>
using OrtHandle = std::unique_ptr<T, void(ORT_API_CALL*)(T*)>;

}  // namespace immich::ml
