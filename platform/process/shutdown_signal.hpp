#pragma once

#include "platform/async/task.hpp"

namespace immich::process {

/// Waits for SIGINT or SIGTERM and returns its number. From the first call on these signals no longer end the process.
Task<int> WaitForShutdownSignal();

/// Writing to a closed pipe or socket becomes an error instead of the end of the process. Called first in main.
void IgnoreBrokenPipes();

}  // namespace immich::process
