#include "platform/http/http_transport.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "platform/http/http_message.hpp"

namespace immich::http {
namespace {

constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);
using Socket = boost::asio::ip::tcp::socket;

/// A client that sends nothing for this long while we linger has got the answer.
constexpr std::chrono::milliseconds kLingerSilence{5000};
/// Dropped by one call; MSG_TRUNC discards inside the kernel without copying.
constexpr std::size_t kLingerBytes = 1024 * 1024;

/// A connection that moved this much without waiting lets the others run.
constexpr std::size_t kTurnBytes = 1024 * 1024;

bool WouldBlock() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

Transport::Transport(Socket socket, std::chrono::milliseconds stall_timeout)
    : socket_(std::move(socket)), stall_timeout_(stall_timeout) {
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

Transport::ReadResult Transport::TryRead(std::span<char> buffer) {
  for (;;) {
    const ssize_t count = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
    if (count > 0) return {Status::kOk, static_cast<std::size_t>(count)};
    if (count == 0) return {Status::kClosed, 0};
    if (errno == EINTR) continue;
    return {WouldBlock() ? Status::kWouldBlock : Status::kClosed, 0};
  }
}

Task<void> Transport::GiveWayAfter(std::size_t bytes) {
  bytes_since_wait_ += bytes;
  if (bytes_since_wait_ < kTurnBytes) co_return;
  bytes_since_wait_ = 0;
  co_await boost::asio::post(socket_.get_executor(), boost::asio::use_awaitable);
}

Task<bool> Transport::WaitReadable() {
  bytes_since_wait_ = 0;
  if (!socket_.is_open()) co_return false;
  const auto [error] = co_await socket_.async_wait(Socket::wait_read, kAwait);
  co_return !error && socket_.is_open();
}

Task<std::size_t> Transport::Read(std::span<char> buffer) {
  for (;;) {
    const ReadResult result = TryRead(buffer);
    if (result.status == Status::kClosed) co_return 0;
    if (result.status == Status::kOk) {
      co_await GiveWayAfter(result.bytes);
      co_return result.bytes;
    }
    SetDeadline(stall_timeout_);
    const bool readable = co_await WaitReadable();
    ClearDeadline();
    if (!readable) co_return 0;
  }
}

Task<void> Transport::WaitWritable() {
  if (!socket_.is_open()) throw ClientGone();
  bytes_since_wait_ = 0;
  SetDeadline(stall_timeout_);
  const auto [error] = co_await socket_.async_wait(Socket::wait_write, kAwait);
  ClearDeadline();
  if (error || !socket_.is_open()) throw ClientGone();
}

bool Transport::TryWrite(Parts& parts, bool more_follows) {
  for (;;) {
    iovec* first = parts.data();
    std::size_t count = parts.size();
    while (count > 0 && first->iov_len == 0) ++first, --count;
    if (count == 0) return true;
    msghdr message{};
    message.msg_iov = first;
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | (more_follows ? MSG_MORE : 0));
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (WouldBlock()) return false;
      throw ClientGone();
    }
    std::size_t rest = static_cast<std::size_t>(sent);
    for (iovec& part : parts) {
      const std::size_t used = std::min(rest, part.iov_len);
      part.iov_base = static_cast<char*>(part.iov_base) + used;
      part.iov_len -= used;
      rest -= used;
    }
  }
}

Task<void> Transport::WriteRest(Parts parts) {
  while (!TryWrite(parts, false)) co_await WaitWritable();
}

Task<void> Transport::Write(std::string_view bytes) {
  Parts parts = MakeParts(bytes);
  if (!TryWrite(parts, false)) co_await WriteRest(parts);
}

Task<std::size_t> Transport::SendFile(int file, std::uint64_t offset, std::size_t limit_bytes) {
  for (;;) {
    off_t position = static_cast<off_t>(offset);
    const ssize_t sent = ::sendfile(socket_.native_handle(), file, &position, limit_bytes);
    if (sent >= 0) {
      co_await GiveWayAfter(static_cast<std::size_t>(sent));
      co_return static_cast<std::size_t>(sent);
    }
    if (errno == EINTR) continue;
    if (!WouldBlock()) throw ClientGone();
    co_await WaitWritable();
  }
}

Task<void> Transport::Linger(std::chrono::milliseconds limit) {
  if (!socket_.is_open()) co_return;
  ::shutdown(socket_.native_handle(), SHUT_WR);
  const Clock::time_point end = Clock::now() + limit;
  while (Clock::now() < end) {
    const ssize_t count = ::recv(socket_.native_handle(), nullptr, kLingerBytes, MSG_TRUNC);
    if (count == 0 || (count < 0 && !WouldBlock() && errno != EINTR)) co_return;
    const auto remaining = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    SetDeadline(std::min(kLingerSilence, remaining));
    const bool readable = co_await WaitReadable();
    if (!readable) co_return;
  }
}

void Transport::CancelIfOverdue(Clock::time_point now) {
  if (now < deadline_) return;
  timed_out_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Transport::Close() {
  boost::system::error_code ignored;
  if (socket_.is_open()) socket_.close(ignored);
}

Transport::Parts MakeParts(std::string_view a, std::string_view b, std::string_view c) {
  const auto part = [](std::string_view text) { return iovec{const_cast<char*>(text.data()), text.size()}; };
  return {part(a), part(b), part(c)};
}

}  // namespace immich::http
