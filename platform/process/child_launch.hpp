#pragma once

#include <sys/types.h>

#include "platform/fs/fd.hpp"
#include "platform/process/child_process.hpp"

namespace immich::process::detail {

struct Launched {
  pid_t pid = -1;
  fs::Fd pidfd;
  /// Our ends of the pipes asked for.
  fs::Fd input, output, error;
};

/// fork and exec; throws InternalError with the step that failed. See ChildProcess::Start.
Launched Launch(const ChildOptions& options);

}  // namespace immich::process::detail
