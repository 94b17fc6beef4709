#pragma once

#include <ctime>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/http/http_server.hpp"
#include "platform/http/trusted_proxies.hpp"

namespace immich::http {

class HttpConnection;

/// What the connections of one Server share. Used on the event loop only.
struct ServerCore {
  using WebSocketHandler = std::function<Task<void>(Request&, WebSocket&)>;

  ServerCore(boost::asio::any_io_executor executor_in, ServerOptions options_in, const Router& router_in);

  /// `Sun, 22 Nov 2026 07:08:54 GMT`, made once a second.
  std::string_view HttpDate();
  /// Eight random characters of base 36.
  std::string NewCorrelationId();
  /// Handler of the websocket at `path` (a trailing slash does not count), or null.
  const WebSocketHandler* FindWebSocket(std::string_view path) const;

  boost::asio::any_io_executor executor;
  ServerOptions options;
  const Router& router;
  TrustedProxies proxies;
  std::vector<std::pair<std::string, WebSocketHandler>> web_sockets;
  Server::Observer observer;
  bool stopping = false;

  /// Connections without a request, longest idle first, and the others.
  std::list<HttpConnection*> idle;
  std::list<HttpConnection*> busy;

  /// For bytes that are used up before the coroutine suspends: received packets, small files.
  std::vector<char> scratch;

 private:
  std::time_t date_second_ = 0;
  std::string date_;
};

}  // namespace immich::http
