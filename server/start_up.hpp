#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "platform/async/task.hpp"
#include "platform/http/socket_io.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/queue/job_queue.hpp"
#include "platform/redis/redis_client.hpp"
#include "server/core/client_events.hpp"
#include "server/core/storage_paths.hpp"
#include "server/core/system_config.hpp"
#include "server/pipeline.hpp"
#include "server/telemetry.hpp"

namespace immich::config {
struct Environment;
}

namespace immich {

/// What both roles stand on. Members are built in this order and end in the opposite one.
struct Foundation {
  /// `program` is `immich-api` or `immich-microservices`.
  Foundation(boost::asio::any_io_executor executor, const config::Environment& environment, std::string program);

  /// Migrates the database under its lock, checks the media location, loads the system configuration and follows its
  /// changes.
  Task<void> Open();
  void Close();

  const config::Environment& environment;
  StoragePaths paths;
  Telemetry telemetry;
  pg::Pool db;
  redis::Client redis;
  queue::JobQueue queues;
  PipelineSink jobs;
  http::SocketIoEmitter emitter;
  ClientEvents events;
  SystemConfig config;
};

redis::Options RedisOptions(const config::Environment& environment);

}  // namespace immich
