#include "server/api_role.hpp"

#include <boost/asio/io_context.hpp>

#include "api/server_types.hpp"
#include "api/websocket_events.hpp"
#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/http/http_server.hpp"
#include "platform/log/log.hpp"
#include "platform/process/shutdown_signal.hpp"
#include "server/core/access.hpp"
#include "server/core/authenticator.hpp"
#include "server/core/feature_context.hpp"
#include "server/core/route_binder.hpp"
#include "server/core/row_feed.hpp"
#include "server/core/server_version.hpp"
#include "server/features.hpp"
#include "server/security_headers.hpp"
#include "server/server_info/server_info_service.hpp"
#include "server/start_up.hpp"
#include "server/web_app/share_page.hpp"
#include "server_roles_sql.hpp"

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
  options.extra_headers = ReadSecurityHeaders(environment.helmet_file);
  return options;
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

/// What the API alone can tell (facts: metrics).
void ObserveApi(Foundation& foundation, http::Server& server, const http::Router& router) {
  Telemetry& telemetry = foundation.telemetry;
  telemetry.ObserveRequests(server, router);
  telemetry.ObserveGauge("io", "immich_http_connections", "Open connections of clients", {},
                         [&server] { return static_cast<double>(server.connections()); });
  foundation.jobs.OnEnqueue([&telemetry](const JobRow& row) {
    if (row.name.ends_with("QueueAll") || row.name == "StorageTemplateMigration") telemetry.CountQueueStart(row.queue);
  });
  if (!telemetry.Has("api")) return;
  metrics::Gauge& users = telemetry.registry().GetGauge("immich_users_total", "Users");
  telemetry.BeforeScrape([&users, &db = foundation.db]() -> Task<void> {
    const pg::Result count = co_await db.Run(sql::kLiveUserCount);
    users.Set(static_cast<double>(count[0].Get<std::int64_t>(0)));
  });
}

Task<void> ServeApi(const config::Environment& environment, boost::asio::any_io_executor executor) {
  Foundation foundation(executor, environment, "immich-api");
  co_await foundation.Open();
  redis::Subscriber subscriber(executor, RedisOptions(environment));
  const auto rows = std::make_shared<RowFeed>(foundation.db);
  rows->Start();
  Authenticator authenticator(foundation.db, rows);
  Access access(foundation.db);
  http::Router router;
  RouteBinder routes(router, authenticator, rows);
  FeatureContext context{executor,          environment,       routes,           foundation.db,
                         foundation.redis,  foundation.queues, access,           foundation.jobs,
                         foundation.events, foundation.config, foundation.paths, rows};
  RegisterFeatures(context);
  routes.BindMissing();
  // Everything no route matches belongs to the web app.
  router.Fallback(web_app::MakePageHandler(environment.build_data + "/www", foundation.db, foundation.config));

  http::Server server(executor, HttpOptions(environment), router);
  http::SocketIoServer sockets(executor, foundation.redis, subscriber);
  sockets.Attach(
      server, router, "/api/socket.io",
      [&authenticator](http::Request& request) { return SocketRooms(authenticator, request); },
      [&foundation](const std::vector<std::string>& rooms) -> Task<void> {
        std::vector<std::string> version{VersionJson()};
        co_await foundation.emitter.Emit(rooms.front(), api::events::OnServerVersion::kName, std::move(version));
      });
  ObserveApi(foundation, server, router);
  server.Start();
  foundation.telemetry.Serve(executor, environment.api_metrics_port);
  Spawn(executor, "version history", server_info::RecordServerVersion(foundation.db));
  log::Info("Api", "Immich {} is listening on port {}", kServerVersionText, server.port());
  co_await process::WaitForShutdownSignal();
  log::Info("Api", "Stopping");
  sockets.Close();
  co_await server.Stop(kStopGrace);
  co_await foundation.telemetry.Stop();
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
