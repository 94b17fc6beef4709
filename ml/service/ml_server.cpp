#include "ml/service/ml_server.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstdlib>

#include "ml/service/ml_routes.hpp"
#include "platform/async/blocking.hpp"
#include "platform/http/http_server.hpp"
#include "platform/log/log.hpp"
#include "platform/process/shutdown_signal.hpp"

namespace immich::ml {
namespace {

constexpr std::chrono::milliseconds kStopGrace{10'000};
/// Beside the threads for requests: one that loads, two that download, one that unloads.
constexpr std::size_t kModelThreads = 4;

InferenceLanes::Options LaneOptions(const MlSettings& settings, MlMetrics& metrics) {
  InferenceLanes::Options options;
  options.lanes = settings.lanes();
  options.stuck_after = settings.worker_timeout;
  options.on_stuck = [seconds = settings.worker_timeout.count()] {
    // Nothing can stop a graph from outside; whoever started this program starts it again.
    log::Fatal("Server", "a graph has been running for {} s (MACHINE_LEARNING_WORKER_TIMEOUT): giving up", seconds);
    std::_Exit(EXIT_FAILURE);
  };
  options.on_batch = [&metrics](std::size_t requests, std::size_t, std::chrono::microseconds duration) {
    metrics.ObserveBatch(requests, duration);
  };
  return options;
}

http::ServerOptions HttpOptions(const MlSettings& settings) {
  http::ServerOptions options;
  options.host = settings.host;
  options.port = settings.port;
  options.idle_timeout = settings.keep_alive;
  return options;
}

ModelPoolSettings PoolSettings(const MlSettings& settings) {
  return {.ttl = settings.model_ttl,
          .poll = settings.model_ttl_poll,
          .max_batch_faces = settings.max_batch_faces,
          .max_batch_ocr = settings.max_batch_ocr};
}

PredictService::Limits ServiceLimits(const MlSettings& settings) {
  const auto threads = static_cast<std::size_t>(settings.request_threads);
  // Enough to keep all lanes and threads busy with full batches; pictures beyond that wait as files.
  return {.active = 4 * (threads + static_cast<std::size_t>(settings.lanes())), .preparing = threads};
}

Task<void> Preload(ModelPool& models, PreloadModel wanted) {
  const ModelKind* kind = FindModelKind(wanted.task, wanted.type);
  if (kind == nullptr) co_return;
  try {
    co_await models.Get(*kind, wanted.name);
  } catch (const Error& error) {
    log::Error("Server", "preloading {} failed: {}", wanted.name, error.what());
  }
}

Task<void> Serve(const MlSettings& settings, boost::asio::any_io_executor executor, InferenceLanes& lanes,
                 SessionFactory& sessions, MlMetrics& metrics) {
  ModelPool models(PoolSettings(settings), ModelCache(settings.cache_folder, settings.hub), sessions, lanes, metrics);
  PredictService service(models, metrics, ServiceLimits(settings));
  http::Router router;
  AddMlRoutes(router, service, metrics, {.max_pending = settings.max_pending});
  http::Server server(executor, HttpOptions(settings), router);
  server.Start();
  log::Info("Server", "listening on port {}, {} lanes of {} threads, models in {}", server.port(), settings.lanes(),
            settings.intra_op_threads, settings.cache_folder.string());
  Spawn(executor, "unload", models.SweepForever());
  for (const PreloadModel& wanted : settings.preload) Spawn(executor, "preload", Preload(models, wanted));
  co_await process::WaitForShutdownSignal();
  log::Info("Server", "Stopping");
  co_await server.Stop(kStopGrace);
}

}  // namespace

int RunMlServer(const MlSettings& settings) {
  // All graphs share one pool, so several lanes do not start more threads than the machine has processors. A lane is
  // one of the threads of its graph, and the runtime counts one of them.
  const int wanted_threads = settings.lanes() * (settings.intra_op_threads - 1) + 1;
  OnnxRuntime::Configure(
      {.intra_op = std::min(wanted_threads, std::max(settings.processors, settings.intra_op_threads)),
       .inter_op = settings.sessions.inter_op_threads});
  StartBlockingPool(static_cast<std::size_t>(settings.request_threads) + kModelThreads);
  MlMetrics metrics;
  OnnxSessionFactory sessions(settings.sessions);
  std::exception_ptr failure;
  {
    boost::asio::io_context io(1);
    InferenceLanes lanes(LaneOptions(settings, metrics));
    auto body = [&]() -> Task<void> {
      try {
        co_await Serve(settings, io.get_executor(), lanes, sessions, metrics);
      } catch (...) {
        failure = std::current_exception();
      }
      io.stop();
    };
    Spawn(io, "server", body());
    io.run();
    StopBlockingPool();
  }
  if (failure) std::rethrow_exception(failure);
  return EXIT_SUCCESS;
}

}  // namespace immich::ml
