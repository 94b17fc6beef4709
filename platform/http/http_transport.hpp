#pragma once

#include <sys/uio.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"

namespace immich::http {

using Clock = std::chrono::steady_clock;

/// One accepted connection: non-blocking system calls first, the event loop only when they would block. No buffer is
/// held while waiting. Time limits are checked by the server's sweep, which closes what is overdue.
class Transport {
 public:
  Transport(boost::asio::ip::tcp::socket socket, std::chrono::milliseconds stall_timeout);
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  enum class Status { kOk, kWouldBlock, kClosed };
  struct ReadResult {
    Status status;
    std::size_t bytes;
  };
  /// recv without waiting; kClosed at the end of the stream and on errors.
  ReadResult TryRead(std::span<char> buffer);
  /// Suspends until there is something to read; false when the connection is gone or overdue.
  Task<bool> WaitReadable();
  /// Suspends until bytes arrive; 0 when the connection is gone. Restarts the stall timeout.
  Task<std::size_t> Read(std::span<char> buffer);

  using Parts = std::array<iovec, 3>;
  /// Sends as much as the socket takes and advances `parts`; true when everything went. Throws ClientGone.
  bool TryWrite(Parts& parts, bool more_follows);
  /// Sends the rest of `parts`. Throws ClientGone.
  Task<void> WriteRest(Parts parts);
  Task<void> Write(std::string_view bytes);
  /// Sends a part of a file from `offset`. Returns the bytes sent: 0 at the end of the file. Throws ClientGone.
  Task<std::size_t> SendFile(int file, std::uint64_t offset, std::size_t limit_bytes);

  /// Reads and drops what the client still sends until it closes or `limit` passed, so that the response is not lost in
  /// a reset (RFC 9112, 9.6).
  Task<void> Linger(std::chrono::milliseconds limit);

  void SetDeadline(std::chrono::milliseconds from_now) { deadline_ = Clock::now() + from_now; }
  void ClearDeadline() { deadline_ = Clock::time_point::max(); }
  /// Ends the current wait with an error when the deadline has passed.
  void CancelIfOverdue(Clock::time_point now);
  bool timed_out() const { return timed_out_; }
  void Close();
  bool is_open() const { return socket_.is_open(); }
  boost::asio::ip::tcp::socket& socket() { return socket_; }

 private:
  Task<void> WaitWritable();
  /// Lets the other connections run when this one moved a lot without ever waiting.
  Task<void> GiveWayAfter(std::size_t bytes);

  boost::asio::ip::tcp::socket socket_;
  std::chrono::milliseconds stall_timeout_;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool timed_out_ = false;
  std::size_t bytes_since_wait_ = 0;
};

/// `parts` for Transport from up to three strings.
Transport::Parts MakeParts(std::string_view a, std::string_view b = {}, std::string_view c = {});

}  // namespace immich::http
