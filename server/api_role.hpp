#pragma once

namespace immich::config {
struct Environment;
}

namespace immich {

/// Serves HTTP, websockets and the web app until SIGINT or SIGTERM. Returns the exit code.
int RunApiRole(const config::Environment& environment);

}  // namespace immich
