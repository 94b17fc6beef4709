#include "server/telemetry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/http/http_router.hpp"
#include "platform/http/http_server.hpp"
#include "platform/log/log.hpp"
#include "platform/metrics/host_metrics.hpp"
#include "server/core/server_version.hpp"

namespace immich {

namespace {

constexpr std::chrono::milliseconds kStopGrace{500};
constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

double Milliseconds(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

std::string_view StatusName(queue::JobStatus status) {
  switch (status) {
    case queue::JobStatus::kSuccess:
      return "success";
    case queue::JobStatus::kSkipped:
      return "skipped";
    case queue::JobStatus::kFailed:
      break;
  }
  return "failed";
}

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
};

}  // namespace

std::string RoutePattern(std::string_view path,
                         const std::vector<std::pair<std::string_view, std::string>>& path_params) {
  std::string pattern;
  auto param = path_params.begin();
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (param != path_params.end() && param->second == segment) {
      pattern.append("/{").append(param->first).append("}");
      ++param;
    } else {
      pattern.append("/").append(segment);
    }
  }
  return pattern;
}

Telemetry::Telemetry(const config::Environment& environment, std::string program) : groups_(environment.telemetry) {
  if (is_on()) metrics::AddHostMetrics(registry_, Has("host"), program, std::string(kServerVersionText));
}

Telemetry::~Telemetry() = default;

bool Telemetry::Has(std::string_view group) const {
  return std::ranges::find(groups_, group) != groups_.end();
}

std::function<void(std::string_view, std::chrono::microseconds)> Telemetry::StatementHook() {
  if (!Has("repo")) return {};
  using Known = std::unordered_map<std::string, metrics::Histogram*, NameHash, std::equal_to<>>;
  return [this, known = std::make_shared<Known>()](std::string_view statement, std::chrono::microseconds duration) {
    auto found = known->find(statement);
    if (found == known->end()) {
      metrics::Histogram& histogram = registry_.GetHistogram("immich_sql_duration", "Time of a SQL statement in ms",
                                                             {{"statement", std::string(statement)}});
      found = known->emplace(std::string(statement), &histogram).first;
    }
    found->second->Observe(Milliseconds(duration));
  };
}

void Telemetry::ObserveRequests(http::Server& server, const http::Router& router) {
  if (!Has("api")) return;
  server.OnResponse([this, &router](const http::Request& request, int status, std::chrono::microseconds duration) {
    const std::string_view raw_path = std::string_view(request.target).substr(0, request.target.find('?'));
    // What no route matches has no bound: it is counted together.
    const bool is_route = router.Find(request.method, raw_path).handler != nullptr;
    std::string route = is_route ? RoutePattern(request.path, request.path_params) : "other";
    registry_
        .GetHistogram("immich_http_request_duration", "Time of a request in ms",
                      {{"method", std::string(http::ToString(request.method))},
                       {"route", std::move(route)},
                       {"status", std::to_string(status)}})
        .Observe(Milliseconds(duration));
  });
}

void Telemetry::CountJob(std::string_view job, queue::JobStatus status) {
  if (!Has("job")) return;
  const std::string name = fmt::format("immich_jobs_{}_{}_total", metrics::MetricNamePart(job), StatusName(status));
  registry_.GetCounter(name, fmt::format("Jobs {}: {}", job, StatusName(status))).Increment();
}

void Telemetry::CountQueueStart(std::string_view queue) {
  if (!Has("job")) return;
  const std::string name = fmt::format("immich_queues_{}_started_total", metrics::MetricNamePart(queue));
  registry_.GetCounter(name, fmt::format("Times the queue {} was told to look for work", queue)).Increment();
}

void Telemetry::ObserveGauge(std::string_view group, std::string_view name, std::string_view help,
                             const metrics::Labels& labels, std::function<double()> value) {
  if (!Has(group)) return;
  metrics::Gauge& gauge = registry_.GetGauge(name, help, labels);
  registry_.OnCollect([&gauge, value = std::move(value)] { gauge.Set(value()); });
}

void Telemetry::Serve(boost::asio::any_io_executor executor, std::uint16_t port) {
  if (!is_on()) return;
  router_ = std::make_unique<http::Router>();
  router_->On(http::Method::kGet, "/metrics", [this](http::Request&) -> Task<http::Response> {
    for (const auto& refresh : refreshers_) {
      try {
        co_await refresh();
      } catch (const Error& error) {
        log::Warn("Telemetry", "A metric keeps its last value: {}", error.what());
      }
    }
    co_return http::Response::Text(200, kMetricsType, registry_.Render());
  });
  http::ServerOptions options;
  options.port = port;
  server_ = std::make_unique<http::Server>(std::move(executor), std::move(options), *router_);
  try {
    server_->Start();
    log::Info("Telemetry", "Metrics are served on port {}", server_->port());
  } catch (const InternalError& error) {
    server_.reset();
    log::Error("Telemetry", "No metrics: {}", error.detail());
  }
}

Task<void> Telemetry::Stop() {
  if (server_) co_await server_->Stop(kStopGrace);
}

}  // namespace immich
