#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/error/error.hpp"
#include "platform/redis/redis_reply.hpp"

namespace immich::redis {

/// The server answered with an error reply.
class ReplyError : public InternalError {
 public:
  using InternalError::InternalError;
};

/// The keys and arguments of one run of a script.
struct ScriptCall {
  std::vector<std::string> keys;
  std::vector<std::string> arguments;
};

struct Options {
  /// TCP host, or a unix socket path when `socket_path` is set.
  std::string hostname = "redis";
  std::uint16_t port = 6379;
  std::string socket_path = {};
  int db_index = 0;
  std::string username = {};
  std::string password = {};
  /// Shown by CLIENT LIST.
  std::string client_name = "immich";
  std::chrono::milliseconds command_timeout{5000};
};

/// One multiplexed connection: commands of many coroutines are pipelined in call order; it reconnects by itself.
/// Connects on first use. Throws Unavailable (503) when there is no connection within the timeout, it breaks before the
/// answer (a timeout breaks it too) or the server cannot serve anybody now (MISCONF, OOM, LOADING, READONLY …),
/// ReplyError on any other error reply. One event loop only.
class Client {
 public:
  Client(boost::asio::any_io_executor executor, Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Task<Reply> Run(Command command);
  /// One write, one read; error replies are returned as items, not thrown.
  Task<std::vector<Reply>> RunPipeline(std::vector<Command> commands);
  /// EVALSHA, loading the script when the server does not know it.
  Task<Reply> RunScript(std::string_view script, std::vector<std::string> keys, std::vector<std::string> arguments);
  /// The same script many times in one round trip; throws ReplyError when one of the runs failed.
  Task<std::vector<Reply>> RunScripts(std::string_view script, std::vector<ScriptCall> calls);
  /// For blocking commands (XREADGROUP BLOCK): a connection of its own; closed when the result is dropped.
  std::unique_ptr<Client> CloneForBlocking(std::chrono::milliseconds command_timeout) const;
  /// Waiting commands fail with Unavailable, as do later ones.
  void Close();
  bool is_connected() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// SUBSCRIBE on a connection of its own; resubscribes after a break.
class Subscriber {
 public:
  Subscriber(boost::asio::any_io_executor executor, Options options);
  ~Subscriber();
  /// `on_subscribed` is called whenever the subscription (again) begins: what was published before is lost.
  void Subscribe(std::string channel, std::function<void(std::string_view payload)> on_message,
                 std::function<void()> on_subscribed = {});
  void Close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace immich::redis
