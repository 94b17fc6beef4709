#include "platform/http/http_server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <utility>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/http/http_connection.hpp"
#include "platform/http/http_server_core.hpp"
#include "platform/log/log.hpp"

namespace immich::http {
namespace {

using boost::asio::ip::tcp;
constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);

constexpr int kBacklog = 4096;
/// Descriptors beside those of connections: files, database, Redis, pipes.
constexpr std::size_t kOtherDescriptors = 1024;
constexpr std::chrono::milliseconds kMaxSweepPeriod{1000};
constexpr std::chrono::milliseconds kAcceptPause{50};

/// Every connection needs a descriptor, most also one for the file they are sent.
void RaiseDescriptorLimit(std::size_t max_connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(2 * max_connections + kOtherDescriptors, limit.rlim_max);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// sendfile has no MSG_NOSIGNAL: a client that leaves must not end the process. A handler, unlike SIG_IGN, does not
/// pass to the programs we start.
void CatchBrokenPipes() {
  struct sigaction action{};
  if (::sigaction(SIGPIPE, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) return;
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &action, nullptr);
}

/// Tells a client that there is no room; it may come again.
void TurnAway(tcp::socket& socket) {
  static constexpr std::string_view kAnswer =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Type: application/json; charset=utf-8\r\n"
      "Content-Length: 34\r\nConnection: close\r\n\r\n{\"message\":\"Too many connections\"}";
  ::send(socket.native_handle(), kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  boost::system::error_code ignored;
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(boost::asio::any_io_executor executor, ServerOptions options, const Router& router)
      : core(std::make_shared<ServerCore>(executor, std::move(options), router)),
        acceptor(executor),
        sweep_timer(executor) {}

  void Listen();
  boost::system::error_code TryListen(const tcp::endpoint& endpoint);
  Task<void> AcceptLoop();
  void Admit(tcp::socket socket, const tcp::endpoint& peer);
  Task<void> SweepLoop();
  void CloseAll();
  std::size_t connections() const { return core->idle.size() + core->busy.size(); }

  std::shared_ptr<ServerCore> core;
  tcp::acceptor acceptor;
  boost::asio::steady_timer sweep_timer;
  std::uint16_t port = 0;
};

void Server::Impl::Listen() {
  const ServerOptions& options = core->options;
  boost::system::error_code error;
  if (options.host.empty()) {
    error = TryListen({boost::asio::ip::address_v6::any(), options.port});
    // Machines without IPv6.
    if (error) error = TryListen({boost::asio::ip::address_v4::any(), options.port});
  } else {
    const auto address = boost::asio::ip::make_address(options.host, error);
    if (!error) error = TryListen({address, options.port});
  }
  if (error) {
    const std::string host = options.host.empty() ? "*" : options.host;
    throw InternalError("cannot listen on " + host + ":" + std::to_string(options.port) + ": " + error.message());
  }
  port = acceptor.local_endpoint().port();
}

boost::system::error_code Server::Impl::TryListen(const tcp::endpoint& endpoint) {
  boost::system::error_code error, ignored;
  if (acceptor.is_open()) acceptor.close(ignored);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6() && endpoint.address().is_unspecified()) {
    acceptor.set_option(boost::asio::ip::v6_only(false), error);
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  return error;
}

Task<void> Server::Impl::AcceptLoop() {
  const auto self = shared_from_this();
  while (!core->stopping) {
    tcp::endpoint peer;
    auto [error, socket] = co_await acceptor.async_accept(peer, kAwait);
    if (!error) {
      Admit(std::move(socket), peer);
      continue;
    }
    if (core->stopping || error == boost::asio::error::operation_aborted) co_return;
    // Out of descriptors or memory: an idle connection gives way, the client waits in the backlog.
    log::Warn("Http", "accept: {}", error.message());
    if (!core->idle.empty()) core->idle.front()->Evict();
    co_await SleepFor(kAcceptPause);
  }
}

void Server::Impl::Admit(tcp::socket socket, const tcp::endpoint& peer) {
  if (connections() >= core->options.max_connections) {
    // Whoever has been idle longest makes room: clients that work come before clients that wait.
    if (core->idle.empty()) {
      TurnAway(socket);
      return;
    }
    core->idle.front()->Evict();
  }
  const auto connection = std::make_shared<HttpConnection>(core, std::move(socket), peer.address());
  boost::asio::co_spawn(core->executor, connection->Run(), boost::asio::detached);
}

Task<void> Server::Impl::SweepLoop() {
  const auto self = shared_from_this();
  const ServerOptions& options = core->options;
  const auto shortest = std::min({options.head_timeout, options.idle_timeout, options.stall_timeout});
  const auto period =
      std::clamp<std::chrono::milliseconds>(shortest / 4, std::chrono::milliseconds(5), kMaxSweepPeriod);
  while (!core->stopping || connections() > 0) {
    sweep_timer.expires_after(period);
    const auto [error] = co_await sweep_timer.async_wait(kAwait);
    if (error) co_return;
    const Clock::time_point now = Clock::now();
    for (HttpConnection* connection : core->idle) connection->CancelIfOverdue(now);
    for (HttpConnection* connection : core->busy) connection->CancelIfOverdue(now);
  }
}

void Server::Impl::CloseAll() {
  for (HttpConnection* connection : core->idle) connection->Close();
  for (HttpConnection* connection : core->busy) connection->Close();
}

Server::Server(boost::asio::any_io_executor executor, ServerOptions options, const Router& router)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options), router)) {}

Server::~Server() {
  impl_->core->stopping = true;
  boost::system::error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->sweep_timer.cancel();
  impl_->CloseAll();
}

void Server::OnWebSocket(std::string path, std::function<Task<void>(Request&, WebSocket&)> on_connect) {
  if (path.ends_with('/')) path.pop_back();
  impl_->core->web_sockets.emplace_back(std::move(path), std::move(on_connect));
}

void Server::OnResponse(Observer observer) {
  impl_->core->observer = std::move(observer);
}

void Server::Start() {
  CatchBrokenPipes();
  RaiseDescriptorLimit(impl_->core->options.max_connections);
  impl_->Listen();
  boost::asio::co_spawn(impl_->core->executor, impl_->AcceptLoop(), boost::asio::detached);
  boost::asio::co_spawn(impl_->core->executor, impl_->SweepLoop(), boost::asio::detached);
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::size_t Server::connections() const {
  return impl_->connections();
}

Task<void> Server::Stop(std::chrono::milliseconds grace) {
  constexpr std::chrono::milliseconds kPoll{10};
  constexpr std::chrono::milliseconds kUnwindTime{2000};
  const std::shared_ptr<Impl> impl = impl_;
  impl->core->stopping = true;
  boost::system::error_code ignored;
  impl->acceptor.close(ignored);
  for (HttpConnection* connection : impl->core->idle) connection->Close();
  for (HttpConnection* connection : impl->core->busy) connection->CloseWebSocket();
  const Clock::time_point end = Clock::now() + grace;
  while (impl->connections() > 0 && Clock::now() < end) co_await SleepFor(kPoll);
  impl->CloseAll();
  const Clock::time_point unwound = Clock::now() + kUnwindTime;
  while (impl->connections() > 0 && Clock::now() < unwound) co_await SleepFor(kPoll);
  impl->sweep_timer.cancel();
}

}  // namespace immich::http
