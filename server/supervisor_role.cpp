#include "server/supervisor_role.hpp"

#include <fmt/format.h>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/config/environment.hpp"
#include "platform/log/log.hpp"
#include "platform/process/embedded_postgres.hpp"
#include "platform/process/embedded_redis.hpp"
#include "platform/process/shutdown_signal.hpp"
#include "platform/process/supervisor.hpp"

namespace immich {

namespace {

using process::ChildOptions;
using process::SupervisedChild;
using EnvironmentList = std::vector<std::pair<std::string, std::string>>;

// Longer than a role's own grace for requests and jobs.
constexpr std::chrono::milliseconds kRoleGrace{20'000};

/// Starts what the environment does not name and returns the variables that tell the roles where it is.
class EmbeddedServices {
 public:
  EmbeddedServices(process::Supervisor& supervisor, const config::Environment& environment)
      : supervisor_(supervisor), environment_(environment) {}

  Task<EnvironmentList> Start() {
    using boost::asio::experimental::awaitable_operators::operator&&;
    EnvironmentList variables;
    // PostgreSQL takes most of the time of a start: Redis comes up beside it.
    co_await (StartPostgres(variables) && StartRedis(variables));
    co_return variables;
  }

 private:
  Task<void> StartPostgres(EnvironmentList& variables) {
    if (environment_.uses_embedded_postgres()) {
      process::EmbeddedPostgresOptions options;
      options.data_directory = environment_.media_location + "/postgres";
      options.bin_directory = process::FindPostgresPrograms(environment_.pg_bin_directory);
      postgres_.emplace(supervisor_, std::move(options));
      co_await postgres_->Start();
      variables.emplace_back("DB_URL", postgres_->Url());
    }
  }

  Task<void> StartRedis(EnvironmentList& variables) {
    if (environment_.uses_embedded_redis()) {
      process::EmbeddedRedisOptions options;
      options.data_directory = environment_.media_location + "/redis";
      options.program = process::FindRedisProgram();
      redis_.emplace(supervisor_, std::move(options));
      co_await redis_->Start();
      variables.emplace_back("REDIS_SOCKET", redis_->socket_path());
    }
  }

  process::Supervisor& supervisor_;
  const config::Environment& environment_;
  std::optional<process::EmbeddedPostgres> postgres_;
  std::optional<process::EmbeddedRedis> redis_;
};

SupervisedChild RoleChild(const std::string& role, const EnvironmentList& variables) {
  SupervisedChild child;
  child.name = role;
  child.stop_grace = kRoleGrace;
  child.program = [role, variables] {
    ChildOptions options;
    options.program = "/proc/self/exe";
    options.arguments = {"--role", role};
    options.environment = variables;
    return options;
  };
  return child;
}

Task<void> Supervise(const config::Environment& environment, boost::asio::any_io_executor executor) {
  process::Supervisor supervisor(executor);
  EmbeddedServices services(supervisor, environment);
  const EnvironmentList variables = co_await services.Start();
  for (const std::string& role : environment.workers) {
    SupervisedChild child = RoleChild(role, variables);
    co_await supervisor.Add(std::move(child));
  }
  co_await process::WaitForShutdownSignal();
  log::Info("Server", "Stopping");
  co_await supervisor.StopAll();
}

}  // namespace

int RunSupervisorRole(const config::Environment& environment) {
  StartBlockingPool(1);
  boost::asio::io_context io(1);
  std::exception_ptr failure;
  auto body = [&]() -> Task<void> {
    try {
      co_await Supervise(environment, io.get_executor());
    } catch (...) {
      failure = std::current_exception();
    }
    io.stop();
  };
  Spawn(io, "supervisor", body());
  io.run();
  StopBlockingPool();
  if (failure) std::rethrow_exception(failure);
  return 0;
}

}  // namespace immich
