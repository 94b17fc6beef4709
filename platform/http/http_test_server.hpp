#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "platform/async/event_loop.hpp"
#include "platform/http/http_server.hpp"
#include "platform/http/url_encoding.hpp"

namespace immich::http {

/// For tests: a Server on a free port with an event loop in a thread of its own.
class TestServer {
 public:
  explicit TestServer(std::function<void(Router&)> routes, ServerOptions options = {},
                      std::function<void(Server&, const boost::asio::any_io_executor&)> prepare = {}) {
    options.host = options.host.empty() ? "127.0.0.1" : options.host;
    options.port = 0;
    routes(router_);
    server_ = std::make_unique<Server>(io_.get_executor(), std::move(options), router_);
    if (prepare) prepare(*server_, io_.get_executor());
    server_->Start();
    port_ = server_->port();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~TestServer() { Stop(std::chrono::milliseconds(0)); }

  std::uint16_t port() const { return port_; }
  Server& server() { return *server_; }
  boost::asio::io_context& io() { return io_; }
  /// Runs `work` on the event loop and waits for it.
  void Run(std::function<Task<void>()> work) {
    std::promise<void> done;
    auto task = [](std::function<Task<void>()> body, std::promise<void>& finished) -> Task<void> {
      co_await body();
      finished.set_value();
    };
    Spawn(io_, "test", task(std::move(work), done));
    done.get_future().get();
  }
  /// Waits until `condition` holds on the event loop; false after 10 s.
  bool Await(std::function<bool()> condition) {
    bool holds = false;
    Run([&]() -> Task<void> {
      for (int i = 0; i < 2000 && !(holds = condition()); ++i) co_await SleepFor(std::chrono::milliseconds(5));
    });
    return holds;
  }
  void Stop(std::chrono::milliseconds grace) {
    if (!thread_.joinable()) return;
    Run([&]() -> Task<void> { co_await server_->Stop(grace); });
    io_.stop();
    thread_.join();
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  Router router_;
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// For tests: a response as it came over the wire.
struct RawResponse {
  int status = 0;
  std::string head;
  std::map<std::string, std::string> headers;
  std::string body;

  std::string operator[](const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? "" : found->second;
  }
};

/// For tests: a blocking socket that says exactly what the test wants. Every wait ends after 20 s.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer_bytes = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer_bytes > 0) {
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("connect failed");
    }
  }
  ~RawClient() { Close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False when the server closed the connection.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void FinishSending() { ::shutdown(socket_, SHUT_WR); }
  void Close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  /// Closes with a reset instead of a FIN.
  void Reset() {
    const linger hard{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    Close();
  }

  /// Everything until the server closes.
  std::string ReadToEnd() {
    while (Receive()) {
    }
    return std::exchange(buffer_, {});
  }
  /// `count` bytes, or fewer when the server closes first.
  std::string ReadBytes(std::size_t count) {
    while (buffer_.size() < count && Receive()) {
    }
    const std::string bytes = buffer_.substr(0, count);
    buffer_.erase(0, bytes.size());
    return bytes;
  }
  /// The head up to its empty line; empty when the server closes first.
  std::string ReadHead() {
    std::size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!Receive()) return "";
    }
    return ReadBytes(end + 4);
  }
  /// One response with its body; status 0 when the connection ended. `has_body`: false after HEAD.
  RawResponse ReadResponse(bool has_body = true) {
    RawResponse response;
    response.head = ReadHead();
    if (response.head.size() < 12) return response;
    response.status = std::stoi(response.head.substr(9, 3));
    std::string_view lines = response.head;
    lines.remove_prefix(lines.find("\r\n") + 2);
    while (lines.size() > 2) {
      const std::string_view line = lines.substr(0, lines.find("\r\n"));
      lines.remove_prefix(line.size() + 2);
      const std::size_t colon = line.find(": ");
      response.headers[ToLowerAscii(line.substr(0, colon))] += std::string(line.substr(colon + 2));
    }
    if (!has_body || response.status == 204 || response.status == 304 || response.status < 200) return response;
    if (response["transfer-encoding"] == "chunked") {
      response.body = ReadChunks();
    } else if (response.headers.contains("content-length")) {
      response.body = ReadBytes(std::stoull(response["content-length"]));
    } else {
      response.body = ReadToEnd();
    }
    return response;
  }
  RawResponse Request(std::string_view bytes, bool has_body = true) {
    Send(bytes);
    return ReadResponse(has_body);
  }
  /// True when the server has closed and nothing is left to read.
  bool IsAtEnd() {
    errno = 0;
    return buffer_.empty() && !Receive() && errno != EAGAIN;
  }

 private:
  bool Receive() {
    char block[65536];
    const ssize_t count = ::recv(socket_, block, sizeof block, 0);
    if (count <= 0) return false;
    buffer_.append(block, static_cast<std::size_t>(count));
    return true;
  }
  std::string ReadChunks() {
    std::string body;
    for (;;) {
      std::size_t end;
      while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (!Receive()) return body + "<cut off>";
      }
      const std::size_t size = std::stoul(buffer_.substr(0, end), nullptr, 16);
      buffer_.erase(0, end + 2);
      const std::string chunk = ReadBytes(size + 2);
      if (chunk.size() < size + 2) return body + "<cut off>";
      if (size == 0) return body;
      body.append(chunk, 0, size);
    }
  }

  int socket_ = -1;
  std::string buffer_;
};

/// `GET path` with a Host header and further header lines, each ending in CRLF.
inline std::string GetText(std::string_view path, std::string_view more_headers = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more_headers) + "\r\n";
}

}  // namespace immich::http
