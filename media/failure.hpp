#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace immich::media {

/// Why a file gave no result. An unreadable file is a normal outcome in this library, never an exception.
enum class FailureKind {
  kNotFound,     ///< the file cannot be opened or read
  kUnsupported,  ///< no decoder for it, or no picture/stream of the wanted kind inside
  kCorrupt,      ///< a decoder started and gave up
  kTooLarge,     ///< over the pixel or size limit of the request
  kTimeout,      ///< an external reader was stopped
  kInternal,     ///< this installation lacks a part (module, program, library)
};

struct Failure {
  FailureKind kind = FailureKind::kInternal;
  std::string message;  ///< for logs; holds the reason, not the path
};

/// "corrupt", "too-large"...: for logs and metric labels.
constexpr std::string_view FailureKindName(FailureKind kind) {
  switch (kind) {
    case FailureKind::kNotFound:
      return "not-found";
    case FailureKind::kUnsupported:
      return "unsupported";
    case FailureKind::kCorrupt:
      return "corrupt";
    case FailureKind::kTooLarge:
      return "too-large";
    case FailureKind::kTimeout:
      return "timeout";
    case FailureKind::kInternal:
      return "internal";
  }
  return "internal";
}

inline std::unexpected<Failure> Fail(FailureKind kind, std::string message) {
  return std::unexpected(Failure{kind, std::move(message)});
}

}  // namespace immich::media
