#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/http_message.hpp"
#include "platform/http/http_router.hpp"
#include "platform/http/web_socket.hpp"

namespace immich::http {

struct ServerOptions {
  /// Empty: all interfaces, IPv6 and IPv4.
  std::string host;
  std::uint16_t port = 2283;
  std::size_t header_limit_bytes = 16 * 1024;
  /// A connection must deliver a complete request head within this time.
  std::chrono::milliseconds head_timeout{20000};
  /// Compat: keep-alive as the original (`Keep-Alive: timeout=5`), our own limit is longer so proxies do not race.
  std::chrono::milliseconds idle_timeout{75000};
  /// A body or response that makes no progress for this long ends the connection.
  std::chrono::milliseconds stall_timeout{120000};
  std::size_t max_connections = 20000;
  /// CIDRs besides loopback whose X-Forwarded-* are believed; names linklocal, uniquelocal are understood.
  std::vector<std::string> trusted_proxies;
  /// Headers added to every response (IMMICH_HELMET_FILE).
  std::vector<std::pair<std::string, std::string>> extra_headers;
};

/// HTTP/1.1 server on one event loop: keep-alive, pipelining in order, streamed bodies both ways, Range and conditional
/// requests on files by sendfile, gzip/brotli for compressible bodies over 1 KiB, strong ETags on buffered GET bodies,
/// `X-Correlation-ID` on every response. Exceptions of handlers become the documented error bodies here and only here.
class Server {
 public:
  /// Seen after each response; for metrics and the access log.
  using Observer = std::function<void(const Request&, int status, std::chrono::microseconds duration)>;

  Server(boost::asio::any_io_executor executor, ServerOptions options, const Router& router);
  ~Server();

  /// Upgrades requests for `path` (any query) to a websocket. `on_connect` owns the connection until it returns.
  void OnWebSocket(std::string path, std::function<Task<void>(Request&, WebSocket&)> on_connect);
  void OnResponse(Observer observer);

  /// Binds and listens; throws InternalError naming address and reason.
  void Start();
  /// The bound port (for port 0).
  std::uint16_t port() const;
  std::size_t connections() const;
  /// Stops accepting, lets running requests finish within `grace`, then closes the rest.
  Task<void> Stop(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace immich::http
