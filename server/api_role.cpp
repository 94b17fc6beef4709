#include "server/api_role.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "api/server_types.hpp"
#include "api/websocket_events.hpp"
#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/http/http_server.hpp"
#include "platform/http/static_files.hpp"
#include "platform/log/log.hpp"
#include "platform/process/shutdown_signal.hpp"
#include "server/core/access.hpp"
#include "server/core/authenticator.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/server_version.hpp"
#include "server/features.hpp"
#include "server/server_info/server_info_service.hpp"
#include "server/start_up.hpp"

namespace immich {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopGrace{10'000};
// bcrypt, fsync and hashing of uploads, compression of large answers.
constexpr std::size_t kBlockingThreads = 6;

http::ServerOptions HttpOptions(const config::Environment& environment) {
  http::ServerOptions options;
  options.host = environment.host;
  options.port = environment.port;
  options.trusted_proxies = environment.trusted_proxies;
  return options;
}

/// Unknown API routes get the documented 404, everything else belongs to the web app.
http::Handler MakeFallback(std::shared_ptr<http::StaticFiles> files) {
  return [files](http::Request& request) -> Task<http::Response> {
    if (request.path == "/api" || request.path.starts_with("/api/")) {
      throw NotFound(fmt::format("Cannot {} {}", http::ToString(request.method), request.path));
    }
    if (auto file = files->Find(request)) co_return std::move(*file);
    co_return files->Index(request);
  };
}

/// Rooms of a socket: the user's, and the session's when there is one.
Task<std::optional<std::vector<std::string>>> SocketRooms(Authenticator& authenticator, http::Request& request) {
  const auto auth = co_await authenticator.FindForSocket(request);
  if (!auth) co_return std::nullopt;
  std::vector<std::string> rooms{auth->user.id.ToString()};
  if (auth->session) rooms.push_back(auth->session->id.ToString());
  co_return rooms;
}

std::string VersionJson() {
  api::ServerVersionResponseDto version;
  version.major = kServerVersion.major;
  version.minor = kServerVersion.minor;
  version.patch = kServerVersion.patch;
  return api::ToJson(version);
}

Task<void> ServeApi(const config::Environment& environment, boost::asio::any_io_executor executor) {
  Foundation foundation(executor, environment);
  co_await foundation.Open();
  redis::Subscriber subscriber(executor, RedisOptions(environment));
  Authenticator authenticator(foundation.db);
  Access access(foundation.db);
  http::Router router;
  RouteBinder routes(router, authenticator);
  FeatureContext context{executor,          environment,       routes,          foundation.db,
                         foundation.redis,  foundation.queues, access,          foundation.jobs,
                         foundation.events, foundation.config, foundation.paths};
  RegisterFeatures(context);
  routes.BindMissing();
  router.Fallback(MakeFallback(std::make_shared<http::StaticFiles>(environment.build_data + "/www")));

  http::Server server(executor, HttpOptions(environment), router);
  http::SocketIoServer sockets(executor, foundation.redis, subscriber);
  sockets.Attach(
      server, router, "/api/socket.io",
      [&authenticator](http::Request& request) { return SocketRooms(authenticator, request); },
      [&foundation](const std::vector<std::string>& rooms) -> Task<void> {
        std::vector<std::string> version{VersionJson()};
        co_await foundation.emitter.Emit(rooms.front(), api::events::OnServerVersion::kName, std::move(version));
      });
  server.Start();
  Spawn(executor, "version history", server_info::RecordServerVersion(foundation.db));
  log::Info("Api", "Immich {} is listening on port {}", kServerVersionText, server.port());
  co_await process::WaitForShutdownSignal();
  log::Info("Api", "Stopping");
  sockets.Close();
  co_await server.Stop(kStopGrace);
  foundation.Close();
}

}  // namespace

int RunApiRole(const config::Environment& environment) {
  StartBlockingPool(kBlockingThreads);
  boost::asio::io_context io(1);
  std::exception_ptr failure;
  auto body = [&]() -> Task<void> {
    try {
      co_await ServeApi(environment, io.get_executor());
    } catch (...) {
      failure = std::current_exception();
    }
    io.stop();
  };
  Spawn(io, "api", body());
  io.run();
  StopBlockingPool();
  if (failure) std::rethrow_exception(failure);
  return 0;
}

}  // namespace immich
