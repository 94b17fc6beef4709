#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/async/task.hpp"
#include "platform/error/error.hpp"
#include "platform/redis/redis_client.hpp"
#include "platform/redis/resp_parser.hpp"

namespace immich::redis {

/// There is no connection, or it broke: a command that was sent may or may not have run.
class ConnectionLost : public Unavailable {
 public:
  explicit ConnectionLost(std::string detail) : Unavailable("Redis unavailable"), detail_(std::move(detail)) {}
  const std::string& detail() const { return detail_; }

 private:
  std::string detail_;
};

/// One connection to Redis: bytes out, replies in.
class RedisStream {
 public:
  explicit RedisStream(boost::asio::any_io_executor executor);

  /// Connects, authenticates and selects the database. Throws ConnectionLost.
  Task<void> Connect(const Options& options, std::chrono::milliseconds timeout);
  /// The next reply. Throws ConnectionLost at the end of the stream and on malformed bytes.
  Task<Reply> Read();
  /// A reply that has already arrived.
  std::optional<Reply> TryRead();
  /// Writes everything; `bytes` must live until then.
  Task<void> Write(std::string_view bytes);
  void Close();
  bool is_open() const { return socket_.is_open(); }

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  Task<void> ConnectUnix(std::string path, Deadline deadline);
  Task<void> ConnectTcp(std::string host, std::uint16_t port, Deadline deadline);
  Task<boost::system::error_code> ConnectTo(boost::asio::generic::stream_protocol::endpoint endpoint,
                                            Deadline deadline);
  Task<std::string> Introduce(const Options& options);

  boost::asio::any_io_executor executor_;
  boost::asio::generic::stream_protocol::socket socket_;
  RespParser parser_;
  std::array<char, 16384> buffer_;
};

}  // namespace immich::redis
