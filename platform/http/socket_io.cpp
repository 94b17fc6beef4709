#include "platform/http/socket_io.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <utility>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/http/socket_io_packet.hpp"
#include "platform/log/log.hpp"

namespace immich::http {
namespace {

/// Ours: the original's channels belong to its own adapter format.
constexpr std::string_view kChannel = "immich:socket.io";

/// Defaults of engine.io 6, which clients of the original see.
constexpr int kPingIntervalMs = 25000;
constexpr int kPingTimeoutMs = 20000;
constexpr int kMaxPayload = 1'000'000;
/// A websocket must ask for the namespace within this time.
constexpr int kConnectTimeoutMs = 45000;

/// 20 characters of base64url.
std::string NewSocketId() {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<unsigned char, 20> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) throw InternalError("no random bytes");
  std::string id;
  for (const unsigned char byte : random) id.push_back(kDigits[byte % kDigits.size()]);
  return id;
}

/// What goes over Redis: the room (empty: everyone), a line end, the packet.
std::string EncodeFanOut(std::string_view room, std::string_view packet) {
  std::string out(room);
  out.push_back('\n');
  out.append(packet);
  return out;
}

}  // namespace

/// One websocket. Lives in the coroutine that serves it; the list of sockets points to it meanwhile.
struct SocketIoSocket {
  WebSocket& web_socket;
  std::vector<std::string> rooms;
  bool joined = false;
  bool pong_is_due = false;

  bool IsIn(std::string_view room) const {
    return joined && (room.empty() || std::find(rooms.begin(), rooms.end(), room) != rooms.end());
  }
};

struct SocketIoServer::Impl : std::enable_shared_from_this<SocketIoServer::Impl> {
  explicit Impl(boost::asio::any_io_executor executor_in) : executor(std::move(executor_in)) {}

  Task<void> Serve(Request& request, WebSocket& web_socket);
  Task<void> Converse(Request& request, SocketIoSocket& socket);
  Task<bool> Join(Request& request, SocketIoSocket& socket, const SocketIoPacket& packet);
  static Task<void> KeepAlive(std::shared_ptr<boost::asio::steady_timer> timer, std::weak_ptr<SocketIoSocket> socket);
  void Deliver(std::string_view payload);

  boost::asio::any_io_executor executor;
  Authenticator authenticate;
  OnConnect on_connect;
  std::list<SocketIoSocket*> sockets;
  bool closing = false;
};

Task<void> SocketIoServer::Impl::Serve(Request& request, WebSocket& web_socket) {
  const auto self = shared_from_this();
  // Compat: GET /socket.io: only protocol 4 is spoken.
  if (closing || request.query.Find("EIO") != "4") co_return;
  const auto socket = std::make_shared<SocketIoSocket>(SocketIoSocket{web_socket, {}, false, false});
  const auto position = sockets.insert(sockets.end(), socket.get());
  const auto timer = std::make_shared<boost::asio::steady_timer>(executor);
  web_socket.Send(EngineIoOpenPacket(NewSocketId(), kPingIntervalMs, kPingTimeoutMs, kMaxPayload));
  boost::asio::co_spawn(executor, KeepAlive(timer, socket), boost::asio::detached);
  std::exception_ptr failure;
  try {
    co_await Converse(request, *socket);
  } catch (...) {
    failure = std::current_exception();
  }
  sockets.erase(position);
  timer->cancel();
  if (failure) std::rethrow_exception(failure);
}

Task<void> SocketIoServer::Impl::Converse(Request& request, SocketIoSocket& socket) {
  while (auto message = co_await socket.web_socket.Read()) {
    const SocketIoPacket packet = ParseSocketIoPacket(*message);
    switch (packet.kind) {
      case SocketIoPacket::Kind::kPong:
        socket.pong_is_due = false;
        break;
      case SocketIoPacket::Kind::kPing:
        socket.web_socket.Send("3" + packet.payload);
        break;
      case SocketIoPacket::Kind::kConnect: {
        const bool stays = co_await Join(request, socket, packet);
        if (!stays) co_return;
        break;
      }
      case SocketIoPacket::Kind::kEvent:
      case SocketIoPacket::Kind::kIgnored:
        break;
      case SocketIoPacket::Kind::kDisconnect:
      case SocketIoPacket::Kind::kClose:
      case SocketIoPacket::Kind::kMalformed:
        co_return;
    }
  }
}

Task<bool> SocketIoServer::Impl::Join(Request& request, SocketIoSocket& socket, const SocketIoPacket& packet) {
  if (packet.name_space != "/") {
    socket.web_socket.Send(SocketIoConnectErrorPacket(packet.name_space, "Invalid namespace"));
    co_return true;
  }
  if (socket.joined) co_return true;
  socket.web_socket.Send(SocketIoConnectPacket(NewSocketId()));
  std::optional<std::vector<std::string>> rooms;
  try {
    rooms = co_await authenticate(request);
  } catch (const Error& error) {
    // Bad credentials. During an outage of ours the client is dropped without a verdict and comes again.
    if (error.http_status() >= 500) throw;
    log::Debug("WebSocket", "[{}] {}", request.correlation_id, error.what());
  }
  if (!rooms) {
    socket.web_socket.Send(SocketIoEventPacket("error", {"\"unauthorized\""}));
    socket.web_socket.Send("41");
    co_return false;
  }
  socket.rooms = *rooms;
  socket.joined = true;
  co_await on_connect(*rooms);
  co_return true;
}

/// Pings, and ends a connection whose client does not answer or does not join.
Task<void> SocketIoServer::Impl::KeepAlive(std::shared_ptr<boost::asio::steady_timer> timer,
                                           std::weak_ptr<SocketIoSocket> weak_socket) {
  constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);
  constexpr int kTickMs = 5000;
  int age_ms = 0, since_ping_ms = 0;
  for (;;) {
    timer->expires_after(std::chrono::milliseconds(kTickMs));
    const auto [error] = co_await timer->async_wait(kAwait);
    const auto socket = weak_socket.lock();
    if (error || !socket) co_return;
    age_ms += kTickMs;
    since_ping_ms += kTickMs;
    const bool is_silent = socket->pong_is_due && since_ping_ms >= kPingTimeoutMs;
    const bool is_stranger = !socket->joined && age_ms >= kConnectTimeoutMs;
    if (is_silent || is_stranger) {
      socket->web_socket.Close();
      co_return;
    }
    if (since_ping_ms < kPingIntervalMs) continue;
    since_ping_ms = 0;
    socket->pong_is_due = true;
    socket->web_socket.Send("2");
  }
}

void SocketIoServer::Impl::Deliver(std::string_view payload) {
  const std::size_t line_end = payload.find('\n');
  if (line_end == std::string_view::npos) return;
  const std::string_view room = payload.substr(0, line_end);
  const std::string_view packet = payload.substr(line_end + 1);
  for (SocketIoSocket* socket : sockets) {
    if (socket->IsIn(room)) socket->web_socket.Send(std::string(packet));
  }
}

SocketIoServer::SocketIoServer(boost::asio::any_io_executor executor, redis::Client& redis,
                               redis::Subscriber& subscriber)
    : impl_(std::make_shared<Impl>(std::move(executor))) {
  subscriber.Subscribe(std::string(kChannel), [weak = std::weak_ptr(impl_)](std::string_view payload) {
    if (const auto impl = weak.lock()) impl->Deliver(payload);
  });
}

SocketIoServer::~SocketIoServer() {
  Close();
}

void SocketIoServer::Attach(Server& server, Router& router, std::string path, Authenticator authenticate,
                            OnConnect on_connect) {
  impl_->authenticate = std::move(authenticate);
  impl_->on_connect = std::move(on_connect);
  // Compat: GET /socket.io: long polling is refused in the words of the original, readable for every origin.
  const Handler refuse = [](Request&) -> Task<Response> {
    Response response = Response::Text(400, "application/json", R"({"code":0,"message":"Transport unknown"})");
    response.headers.Add("Access-Control-Allow-Origin", "*");
    co_return response;
  };
  router.On(Method::kGet, path, refuse);
  router.On(Method::kPost, path, refuse);
  server.OnWebSocket(path, [impl = impl_](Request& request, WebSocket& web_socket) -> Task<void> {
    co_await impl->Serve(request, web_socket);
  });
}

std::size_t SocketIoServer::sockets() const {
  return impl_->sockets.size();
}

void SocketIoServer::DisconnectRoom(std::string_view room) {
  for (SocketIoSocket* socket : impl_->sockets) {
    if (room.empty() || !socket->IsIn(room)) continue;
    socket->web_socket.Send("41");
    socket->web_socket.Close();
  }
}

void SocketIoServer::Close() {
  impl_->closing = true;
  for (SocketIoSocket* socket : impl_->sockets) socket->web_socket.Close();
}

Task<void> SocketIoEmitter::Emit(std::string_view room, std::string_view event,
                                 std::vector<std::string> arguments_json) {
  redis::Command command{"PUBLISH", std::string(kChannel),
                         EncodeFanOut(room, SocketIoEventPacket(event, arguments_json))};
  co_await redis_.Run(std::move(command));
}

}  // namespace immich::http
