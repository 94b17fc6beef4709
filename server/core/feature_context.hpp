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

class Access;
class ClientEvents;
class JobSink;
class LibraryCache;
class MlService;
class RouteBinder;
class RowFeed;
class StoragePaths;
class SystemConfig;

/// What a slice may be built from in the api role. Each slice's Register function (server/features.cpp) passes on to
/// its services only what they need.
struct FeatureContext {
  boost::asio::any_io_executor executor;
  const config::Environment& environment;
  RouteBinder& routes;
  pg::Pool& db;
  redis::Client& redis;
  queue::JobQueue& queues;
  Access& access;
  JobSink& jobs;
  ClientEvents& events;
  SystemConfig& config;
  const StoragePaths& paths;
  /// Tells of changed rows; null where nothing is kept in memory.
  std::shared_ptr<RowFeed> rows = {};
  /// Shared by the slices that answer from it; RegisterFeatures makes it.
  std::shared_ptr<LibraryCache> library = {};
  /// The machine-learning service; RegisterFeatures makes it.
  std::shared_ptr<MlService> ml = {};
};

}  // namespace immich
