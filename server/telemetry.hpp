#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/metrics/metric_registry.hpp"
#include "platform/queue/job.hpp"

namespace immich::config {
struct Environment;
}
namespace immich::http {
class Router;
class Server;
}  // namespace immich::http

namespace immich {

/// What a role tells Prometheus: the groups of IMMICH_TELEMETRY_INCLUDE, under the original's names where dashboards
/// use them. Without groups nothing is measured and no port is opened.
///
/// | group | metrics |
/// |-------|---------|
/// | host  | `process_*`, `system_*` |
/// | api   | `immich_http_request_duration{method,route,status}` in ms, `immich_users_total` |
/// | io    | `immich_http_connections`, `immich_database_connections{state}` |
/// | repo  | `immich_sql_duration{statement}` in ms |
/// | job   | `immich_jobs_<job>_{success,failed,skipped}_total`, `immich_queues_<queue>_{active,started_total}` |
class Telemetry {
 public:
  /// `program` is `immich-api` or `immich-microservices`.
  Telemetry(const config::Environment& environment, std::string program);
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  bool is_on() const { return !groups_.empty(); }
  bool Has(std::string_view group) const;
  metrics::Registry& registry() { return registry_; }

  /// Hook of pg::PoolOptions; empty without the group `repo`.
  std::function<void(std::string_view statement, std::chrono::microseconds duration)> StatementHook();
  /// Measures the requests of `server` by the patterns of `router`; both must outlive the last request.
  void ObserveRequests(http::Server& server, const http::Router& router);
  /// One job ended.
  void CountJob(std::string_view job, queue::JobStatus status);
  /// Somebody had a queue look for work.
  void CountQueueStart(std::string_view queue);
  /// A gauge of `group` that is read at every scrape.
  void ObserveGauge(std::string_view group, std::string_view name, std::string_view help, const metrics::Labels& labels,
                    std::function<double()> value);
  /// Runs before every scrape, for values that take a statement; failures are logged.
  void BeforeScrape(std::function<Task<void>()> refresh) { refreshers_.push_back(std::move(refresh)); }

  /// Serves GET /metrics on all interfaces when there are groups. A port that is taken is only logged: it may be
  /// another worker of the same machine.
  void Serve(boost::asio::any_io_executor executor, std::uint16_t port);
  Task<void> Stop();

 private:
  std::vector<std::string> groups_;
  metrics::Registry registry_;
  std::vector<std::function<Task<void>()>> refreshers_;
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<http::Server> server_;
};

/// `/api/assets/{id}/thumbnail`: the path of a request with its parameters' names in the place of their values.
std::string RoutePattern(std::string_view path,
                         const std::vector<std::pair<std::string_view, std::string>>& path_params);

}  // namespace immich
