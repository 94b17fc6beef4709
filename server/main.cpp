#include <fmt/format.h>

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>

#include "api/route.hpp"
#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "platform/process/shutdown_signal.hpp"
#include "server/api_role.hpp"
#include "server/core/server_version.hpp"
#include "server/route_list.hpp"
#include "server/supervisor_role.hpp"
#include "server/worker_role.hpp"

namespace immich {
namespace {

// Twice the connections the HTTP server accepts, with room.
constexpr rlim_t kWantedDescriptors = 65'536;

struct Arguments {
  std::string role;
  bool list_routes = false;
};

log::Options LogOptions(const config::Environment& environment, const std::string& role) {
  log::Options options;
  options.level = environment.log_level.value_or(log::Level::kLog);
  options.format = environment.log_format;
  options.color = environment.log_color;
  options.process = role.empty() ? "server" : role;
  return options;
}

/// As many descriptors as this account may have: two for each connection that gets a file, and some for each child. The
/// usual soft limit of 1024 is for programs that use select().
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kWantedDescriptors) return;
  limit.rlim_cur = std::min(limit.rlim_max, kWantedDescriptors);
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// One role in this process when that is all there is to do; else a supervisor with a child a role.
int Run(const config::Environment& environment, const std::string& role) {
  if (role == "api") return RunApiRole(environment);
  if (role == "microservices") return RunWorkerRole(environment);
  const bool is_embedded = environment.uses_embedded_postgres() || environment.uses_embedded_redis();
  if (environment.workers.size() == 1 && !is_embedded) return Run(environment, environment.workers.front());
  return RunSupervisorRole(environment);
}

int Main(int argc, char** argv) {
  CLI::App app{
      "Immich server: HTTP API, web app and job workers. Settings come from environment variables "
      "(docs/operations.md)."};
  Arguments arguments;
  app.set_version_flag("--version", std::string(kServerVersionText));
  app.add_flag("--list-routes", arguments.list_routes, "print every route: implemented or 501, method, path");
  app.add_option("--role", arguments.role, "run one role in this process")
      ->check(CLI::IsMember({"api", "microservices"}))
      ->group("");
  CLI11_PARSE(app, argc, argv);
  process::IgnoreBrokenPipes();
  RaiseDescriptorLimit();
  if (arguments.list_routes) return ListRoutes();
  const config::Environment environment = config::ReadEnvironment();
  log::Configure(LogOptions(environment, arguments.role));
  return Run(environment, arguments.role);
}

}  // namespace
}  // namespace immich

int main(int argc, char** argv) {
  try {
    return immich::Main(argc, argv);
  } catch (const immich::InternalError& error) {
    fmt::print(stderr, "immich-server: {}\n", error.detail());
  } catch (const std::exception& error) {
    fmt::print(stderr, "immich-server: {}\n", error.what());
  }
  return 1;
}
