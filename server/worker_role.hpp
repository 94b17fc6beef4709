#pragma once

namespace immich::config {
struct Environment;
}

namespace immich {

/// Works off the queues until SIGINT or SIGTERM. Returns the exit code.
int RunWorkerRole(const config::Environment& environment);

}  // namespace immich
