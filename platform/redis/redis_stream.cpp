#include "platform/redis/redis_stream.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <tuple>
#include <variant>

#include "platform/async/event_loop.hpp"

namespace immich::redis {
namespace {

namespace asio = boost::asio;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

[[noreturn]] void ThrowLost(const boost::system::error_code& code) {
  if (code == asio::error::operation_aborted) throw boost::system::system_error(code);
  throw ConnectionLost(code.message());
}

/// A peer that vanished without a word is noticed within a minute.
void KeepAlive(int socket) {
  const auto set = [socket](int level, int option, int value) {
    setsockopt(socket, level, option, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(IPPROTO_TCP, TCP_NODELAY, 1);
}

}  // namespace

RedisStream::RedisStream(asio::any_io_executor executor) : executor_(executor), socket_(executor) {}

Task<void> RedisStream::Connect(const Options& options, std::chrono::milliseconds timeout) {
  using asio::experimental::awaitable_operators::operator||;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  parser_ = RespParser();
  if (options.socket_path.empty()) {
    co_await ConnectTcp(options.hostname, options.port, deadline);
  } else {
    co_await ConnectUnix(options.socket_path, deadline);
  }
  // A server that accepts and then says nothing must not hold us for ever.
  asio::steady_timer timer(executor_, deadline);
  const auto first = co_await (Introduce(options) || timer.async_wait(kAsTuple));
  if (first.index() == 1) throw ConnectionLost("no answer in time");
  if (const std::string& refusal = std::get<0>(first); !refusal.empty()) throw ConnectionLost(refusal);
}

Task<void> RedisStream::ConnectUnix(std::string path, Deadline deadline) {
  if (path.size() >= sizeof(sockaddr_un::sun_path)) throw ConnectionLost(fmt::format("socket path too long: {}", path));
  const asio::local::stream_protocol::endpoint endpoint(path);
  if (const auto code = co_await ConnectTo(endpoint, deadline)) {
    throw ConnectionLost(fmt::format("{}: {}", path, code.message()));
  }
}

Task<void> RedisStream::ConnectTcp(std::string host, std::uint16_t port, Deadline deadline) {
  using asio::experimental::awaitable_operators::operator||;
  asio::ip::tcp::resolver resolver(executor_);
  asio::steady_timer timer(executor_, deadline);
  const std::string service = std::to_string(port);
  auto first = co_await (resolver.async_resolve(host, service, kAsTuple) || timer.async_wait(kAsTuple));
  if (first.index() == 1) {
    ThrowLost(std::get<0>(std::get<1>(first)) ? asio::error::operation_aborted : asio::error::timed_out);
  }
  auto& [code, endpoints] = std::get<0>(first);
  for (const auto& entry : endpoints) {
    code = co_await ConnectTo(entry.endpoint(), deadline);
    if (code) continue;
    KeepAlive(socket_.native_handle());
    co_return;
  }
  throw ConnectionLost(fmt::format("{}:{}: {}", host, port, code.message()));
}

Task<boost::system::error_code> RedisStream::ConnectTo(asio::generic::stream_protocol::endpoint endpoint,
                                                       Deadline deadline) {
  using asio::experimental::awaitable_operators::operator||;
  Close();
  asio::steady_timer timer(executor_, deadline);
  const auto first = co_await (socket_.async_connect(endpoint, kAsTuple) || timer.async_wait(kAsTuple));
  const auto code = std::visit([](const auto& outcome) { return std::get<0>(outcome); }, first);
  if (code == asio::error::operation_aborted) ThrowLost(code);
  co_return first.index() == 1 ? boost::system::error_code(asio::error::timed_out) : code;
}

/// Why the server does not want us; empty when it does.
Task<std::string> RedisStream::Introduce(const Options& options) {
  std::vector<Command> commands;
  if (!options.username.empty()) {
    commands.push_back({"AUTH", options.username, options.password});
  } else if (!options.password.empty()) {
    commands.push_back({"AUTH", options.password});
  }
  if (options.db_index != 0) commands.push_back({"SELECT", std::to_string(options.db_index)});
  // Answers an error while the server still loads its data.
  commands.push_back({"PING"});
  const std::size_t required = commands.size();
  commands.push_back({"CLIENT", "SETNAME", options.client_name});
  std::string bytes;
  for (const Command& command : commands) AppendCommand(bytes, command);
  std::string refusal;
  try {
    co_await Write(bytes);
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Reply reply = co_await Read();
      if (reply.is_error() && refusal.empty() && i < required) refusal = commands[i].front() + ": " + reply.text;
    }
  } catch (const ConnectionLost& error) {
    refusal = error.detail();
  } catch (const boost::system::system_error& error) {
    refusal = error.what();
  }
  co_return refusal;
}

std::optional<Reply> RedisStream::TryRead() {
  try {
    return parser_.Next();
  } catch (const RespError& error) {
    throw ConnectionLost(error.what());
  }
}

Task<Reply> RedisStream::Read() {
  while (true) {
    if (auto reply = TryRead()) co_return std::move(*reply);
    boost::system::error_code code;
    const std::size_t count =
        co_await socket_.async_read_some(asio::buffer(buffer_), asio::redirect_error(asio::use_awaitable, code));
    if (code) ThrowLost(code);
    parser_.Feed(std::string_view(buffer_.data(), count));
  }
}

Task<void> RedisStream::Write(std::string_view bytes) {
  boost::system::error_code code;
  co_await asio::async_write(socket_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, code));
  if (code) ThrowLost(code);
}

void RedisStream::Close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace immich::redis
