#pragma once

namespace immich::config {
struct Environment;
}

namespace immich {

/// Starts the private PostgreSQL and Redis where the environment names none, then one child a role, and keeps them
/// running until SIGINT or SIGTERM. Returns the exit code.
int RunSupervisorRole(const config::Environment& environment);

}  // namespace immich
