#pragma once

#include <string>
#include <string_view>

#include "platform/error/error.hpp"

namespace immich::fs {

/// A system call on a file failed. `detail()` names call, path and reason; the client sees none of them.
class FileError : public InternalError {
 public:
  FileError(std::string_view call, std::string_view path, int error_number);
  /// The errno value, e.g. ENOENT.
  int error_number() const { return error_number_; }

 private:
  int error_number_;
};

/// Throws Unavailable with status 507 for a full disk or quota (ENOSPC, EDQUOT), FileError for everything else.
[[noreturn]] void ThrowFileError(std::string_view call, std::string_view path, int error_number);

}  // namespace immich::fs
