#include "ml/service/ml_routes.hpp"

#include <memory>
#include <string>

#include "platform/json/json_writer.hpp"
#include "platform/log/log.hpp"

namespace immich::ml {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kUnavailable = 503;
/// Seconds after which a refused client should come back: about the time of some inferences.
constexpr const char* kRetryAfterS = "1";

/// Compat: errors have the form of the original's framework, `{"detail": …}`.
http::Response ErrorResponse(int status, std::string_view detail) {
  std::string body = "{\"detail\":";
  json::AppendString(body, detail);
  body += '}';
  return http::Response::Json(status, std::move(body));
}

/// Counts what is in the house. Event loop only.
class Admission {
 public:
  class Permit {
   public:
    Permit(std::shared_ptr<Admission> house, std::size_t bytes) : house_(std::move(house)), bytes_(bytes) {
      house_->Count(1, static_cast<std::ptrdiff_t>(bytes_));
    }
    ~Permit() { house_->Count(-1, -static_cast<std::ptrdiff_t>(bytes_)); }
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;

   private:
    std::shared_ptr<Admission> house_;
    std::size_t bytes_;
  };

  Admission(RouteLimits limits, MlMetrics& metrics) : limits_(limits), metrics_(metrics) {}
  bool HasRoomFor(std::size_t bytes) const {
    return pending_ < limits_.max_pending && (bytes_ == 0 || bytes_ + bytes <= limits_.max_body_bytes);
  }

 private:
  void Count(std::ptrdiff_t requests, std::ptrdiff_t bytes) {
    pending_ += static_cast<std::size_t>(requests);
    bytes_ += static_cast<std::size_t>(bytes);
    metrics_.SetPending(pending_);
  }

  RouteLimits limits_;
  MlMetrics& metrics_;
  std::size_t pending_ = 0;
  std::size_t bytes_ = 0;
};

/// Runs the prediction; every failure becomes an answer here.
Task<http::Response> Answer(http::Request& request, PredictService& service) {
  int status = 500;
  std::string detail = "Internal Server Error";
  try {
    PredictForm form = co_await ReadPredictForm(request);
    std::string body = co_await service.Predict(std::move(form));
    co_return http::Response::Json(200, std::move(body));
  } catch (const InternalError& error) {
    log::Error("Predict", "{}", error.detail());
  } catch (const Error& error) {
    status = error.http_status();
    detail = error.what();
    log::Debug("Predict", "{}: {}", status, detail);
  } catch (const std::bad_alloc&) {
    status = kUnavailable;
    detail = "Out of memory";
    log::Error("Predict", "out of memory");
  } catch (const std::exception& error) {
    log::Error("Predict", "{}", error.what());
  }
  co_return ErrorResponse(status, detail);
}

Task<http::Response> HandlePredict(http::Request& request, PredictService& service, MlMetrics& metrics,
                                   std::shared_ptr<Admission> admission) {
  const auto start = Clock::now();
  const std::size_t bytes = static_cast<std::size_t>(request.body->length().value_or(0));
  if (!admission->HasRoomFor(bytes)) {
    metrics.CountRefused();
    auto busy = ErrorResponse(kUnavailable, "Too many requests are waiting");
    busy.headers.Set("Retry-After", kRetryAfterS);
    co_return busy;
  }
  const Admission::Permit permit(admission, bytes);
  http::Response response = co_await Answer(request, service);
  const auto duration = Clock::now() - start;
  metrics.CountRequest(response.status, duration);
  log::Debug("Predict", "{} in {} ms", response.status,
             std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
  co_return response;
}

}  // namespace

void AddMlRoutes(http::Router& router, PredictService& service, MlMetrics& metrics, RouteLimits limits) {
  using http::Method;
  const auto admission = std::make_shared<Admission>(limits, metrics);
  router.On(Method::kGet, "/", [](http::Request&) -> Task<http::Response> {
    co_return http::Response::Json(200, R"({"message":"Immich ML"})");
  });
  router.On(Method::kGet, "/ping", [](http::Request&) -> Task<http::Response> {
    co_return http::Response::Text(200, "text/plain; charset=utf-8", "pong");
  });
  router.On(Method::kGet, "/metrics", [&metrics](http::Request&) -> Task<http::Response> {
    co_return http::Response::Text(200, "text/plain; version=0.0.4", metrics.Render());
  });
  router.On(Method::kPost, "/predict", [&service, &metrics, admission](http::Request& request) {
    return HandlePredict(request, service, metrics, admission);
  });
  router.Fallback([](http::Request&) -> Task<http::Response> { co_return ErrorResponse(404, "Not Found"); });
}

}  // namespace immich::ml
