#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/http/http_message.hpp"
#include "platform/http/http_server.hpp"
#include "platform/redis/redis_client.hpp"

namespace immich::http {

/// socket.io v4 (engine.io 4) server with the websocket transport only: default namespace, rooms, server → client
/// events, fan-out to the sockets of every process over Redis.
class SocketIoServer {
 public:
  /// Rooms the socket joins, or nullopt to refuse it (event `error` "unauthorized", then disconnect).
  using Authenticator = std::function<Task<std::optional<std::vector<std::string>>>(Request&)>;
  /// Called after the namespace was joined; `rooms` as the authenticator gave them.
  using OnConnect = std::function<Task<void>(const std::vector<std::string>& rooms)>;

  SocketIoServer(boost::asio::any_io_executor executor, redis::Client& redis, redis::Subscriber& subscriber);
  ~SocketIoServer();
  /// Serves `path` of `server` and answers polling requests with 400 `{"code":0,"message":"Transport unknown"}`.
  void Attach(Server& server, Router& router, std::string path, Authenticator authenticate, OnConnect on_connect);
  std::size_t sockets() const;
  /// Disconnects every local socket in `room`.
  void DisconnectRoom(std::string_view room);
  void Close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Sends events to rooms of all processes through Redis; usable by workers that serve no sockets.
class SocketIoEmitter {
 public:
  explicit SocketIoEmitter(redis::Client& redis) : redis_(redis) {}
  /// `arguments_json`: the event's arguments, each complete JSON. An empty `room` broadcasts.
  Task<void> Emit(std::string_view room, std::string_view event, std::vector<std::string> arguments_json);

 private:
  redis::Client& redis_;
};

}  // namespace immich::http
