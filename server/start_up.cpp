#include "server/start_up.hpp"

#include <algorithm>

#include "db/migrator.hpp"
#include "platform/config/environment.hpp"
#include "platform/log/log.hpp"
#include "server/storage_check.hpp"

namespace immich {

namespace {

// Statements take a millisecond or less; more connections than this only make PostgreSQL larger.
constexpr std::size_t kDatabaseConnections = 10;

pg::PoolOptions DatabaseOptions(const config::Environment& environment, Telemetry& telemetry) {
  pg::PoolOptions options;
  options.on_statement = telemetry.StatementHook();
  options.url = environment.db_url;
  options.max_connections = kDatabaseConnections;
  return options;
}

SystemConfigOptions ConfigOptions(const config::Environment& environment) {
  SystemConfigOptions options;
  options.file = environment.config_file;
  options.machine_learning_enabled = environment.machine_learning_enabled;
  options.machine_learning_url = environment.machine_learning_url;
  return options;
}

void ObserveConnections(Telemetry& telemetry, pg::Pool& db) {
  const auto observe = [&](std::string state, std::size_t pg::PoolStats::* count) {
    telemetry.ObserveGauge("io", "immich_database_connections", "Connections to the database",
                           {{"state", std::move(state)}},
                           [&db, count] { return static_cast<double>(db.stats().*count); });
  };
  observe("in_use", &pg::PoolStats::in_use);
  observe("idle", &pg::PoolStats::idle);
  observe("waiting", &pg::PoolStats::waiting);
}

/// logging.level of the configuration; IMMICH_LOG_LEVEL wins.
void ApplyLogLevel(const api::AdminConfigDto& config) {
  const log::Level level = log::ParseLevel(api::ToString(config.logging.level)).value_or(log::Level::kLog);
  log::SetLevel(config.logging.enabled ? level : log::Level::kOff);
}

}  // namespace

redis::Options RedisOptions(const config::Environment& environment) {
  redis::Options options;
  options.hostname = environment.redis_hostname;
  options.port = environment.redis_port;
  options.socket_path = environment.redis_socket;
  options.db_index = environment.redis_db_index;
  options.username = environment.redis_username;
  options.password = environment.redis_password;
  return options;
}

Foundation::Foundation(boost::asio::any_io_executor executor, const config::Environment& env, std::string program)
    : environment(env),
      paths(env.media_location),
      telemetry(env, std::move(program)),
      db(executor, DatabaseOptions(env, telemetry)),
      redis(executor, RedisOptions(env)),
      queues(redis),
      jobs(queues),
      emitter(redis),
      events(emitter),
      config(db, ConfigOptions(env)) {
  ObserveConnections(telemetry, db);
}

Task<void> Foundation::Open() {
  if (!environment.db_skip_migrations) {
    const db::MigrationOutcome outcome = co_await db::Migrate(db);
    if (!outcome.applied.empty()) log::Info("Database", "{} migrations applied", outcome.applied.size());
  }
  co_await CheckStorage(db, paths, environment.ignore_mount_check_errors);
  co_await config.Load();
  config.Follow();
  if (!environment.log_level) {
    ApplyLogLevel(config.current());
    config.OnChange([](const api::AdminConfigDto&, const api::AdminConfigDto& now) { ApplyLogLevel(now); });
  }
}

void Foundation::Close() {
  redis.Close();
  db.Close();
}

}  // namespace immich
