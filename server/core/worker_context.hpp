#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "platform/pg/pg_pool.hpp"

namespace immich {

namespace redis {
class Client;
}
namespace queue {
class JobQueue;
}
namespace config {
struct Environment;
}

class ClientEvents;
class JobBinder;
class JobSink;
class MediaWorkers;
class MlService;
class StoragePaths;
class SystemConfig;

/// What a slice's job handlers may be built from in the microservices role (server/features.cpp).
struct WorkerContext {
  boost::asio::any_io_executor executor;
  const config::Environment& environment;
  JobBinder& handlers;
  pg::Pool& db;
  redis::Client& redis;
  queue::JobQueue& queues;
  JobSink& jobs;
  ClientEvents& events;
  SystemConfig& config;
  const StoragePaths& paths;
  MediaWorkers& media;
  /// The machine-learning service; RegisterJobs makes it.
  std::shared_ptr<MlService> ml = {};
};

}  // namespace immich
