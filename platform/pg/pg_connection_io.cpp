// Waiting: for the server's answers, for notifications, and what to do when they do not come.
#include <libpq-fe.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <tuple>
#include <variant>

#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_connection.hpp"
#include "platform/pg/pg_query_error.hpp"

namespace immich::pg {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

Task<void> CancelOnServer(std::shared_ptr<PGcancel> cancel) {
  co_await RunBlocking([cancel] {
    char message[256] = "";
    if (PQcancel(cancel.get(), message, sizeof message) == 0) log::Debug("Database", "Cancel failed: {}", message);
  });
}

}  // namespace

Task<void> Connection::WaitForInput() {
  try {
    do {
      const int unsent = PQflush(handle_.get());
      if (unsent < 0) ThrowBroken();
      if (unsent == 0 && !deadline_) {
        co_await socket_.async_wait(socket_.wait_read, asio::use_awaitable);
      } else {
        co_await WaitForSocket(unsent != 0);
      }
      if (PQconsumeInput(handle_.get()) == 0) ThrowBroken();
    } while (PQisBusy(handle_.get()) != 0);
  } catch (const boost::system::system_error&) {
    Abandon();
    throw;
  }
}

/// The rarer waits: the server may want us to read before it takes more, and probes have a deadline.
Task<void> Connection::WaitForSocket(bool also_writable) {
  using asio::experimental::awaitable_operators::operator||;
  const auto deadline = deadline_.value_or(Clock::time_point::max());
  asio::steady_timer timer(executor_, deadline);
  boost::system::error_code code;
  if (also_writable) {
    const auto first = co_await (socket_.async_wait(socket_.wait_read, kAsTuple) ||
                                 socket_.async_wait(socket_.wait_write, kAsTuple) || timer.async_wait(kAsTuple));
    code = std::visit([](const auto& outcome) { return std::get<0>(outcome); }, first);
  } else {
    const auto first = co_await (socket_.async_wait(socket_.wait_read, kAsTuple) || timer.async_wait(kAsTuple));
    code = std::visit([](const auto& outcome) { return std::get<0>(outcome); }, first);
  }
  if (code) throw boost::system::system_error(code);
  if (Clock::now() < deadline) co_return;
  Abandon();
  throw ConnectionBroken("no answer in time");
}

void Connection::Observe(std::string_view name, Clock::time_point start) const {
  if (!observer_ || !*observer_) return;
  (*observer_)(name, std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start));
}

void Connection::EnterBusy() {
  if (broken_) throw ConnectionBroken("connection was lost before");
  if (busy_) throw InternalError("a connection runs one statement at a time");
  busy_ = true;
}

void Connection::ThrowBroken() {
  broken_ = true;
  throw ConnectionBroken(OneLine(PQerrorMessage(handle_.get())));
}

/// The caller was cancelled: the server is told to stop, the connection is given up.
void Connection::Abandon() {
  broken_ = true;
  std::shared_ptr<PGcancel> cancel(PQgetCancel(handle_.get()), &PQfreeCancel);
  if (cancel) Spawn(executor_, "Database", CancelOnServer(std::move(cancel)));
}

bool Connection::IsReusable() const {
  return !busy_ && !broken_ && !begin_pending_ && PQstatus(handle_.get()) == CONNECTION_OK &&
         PQtransactionStatus(handle_.get()) == PQTRANS_IDLE;
}

bool Connection::IsAlive() {
  // A server that shut down has left a message and the end of the stream; a few rounds read both.
  for (int round = 0; round < 4 && !broken_; ++round) {
    char byte = 0;
    const auto count = ::recv(PQsocket(handle_.get()), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0 || PQconsumeInput(handle_.get()) == 0) break;
    PQisBusy(handle_.get());
  }
  return false;
}

Task<void> Connection::WaitForNotifications(
    const std::function<void(std::string_view channel, std::string_view payload)>& on_notify) {
  while (!interrupted_) {
    if (broken_) ThrowBroken();
    HandOutNotifications(on_notify);
    boost::system::error_code code;
    waiting_for_notifications_ = true;
    co_await socket_.async_wait(socket_.wait_read, asio::redirect_error(asio::use_awaitable, code));
    waiting_for_notifications_ = false;
    if (code && interrupted_) break;
    if (code) throw boost::system::system_error(code);
    if (PQconsumeInput(handle_.get()) == 0) ThrowBroken();
  }
  interrupted_ = false;
}

void Connection::HandOutNotifications(
    const std::function<void(std::string_view channel, std::string_view payload)>& on_notify) {
  while (PGnotify* notify = PQnotifies(handle_.get())) {
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> owned(notify, &PQfreemem);
    on_notify(notify->relname, notify->extra);
  }
}

bool Connection::TakeNotifications(
    const std::function<void(std::string_view channel, std::string_view payload)>& on_notify) {
  if (broken_) return false;
  char byte = 0;
  const auto count = ::recv(PQsocket(handle_.get()), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // The end of the stream is left for WaitForNotifications, which is woken by it.
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return false;
  if (count > 0) {
    // Taking input away from a statement would leave it waiting for what has come already.
    if (busy_) return false;
    if (PQconsumeInput(handle_.get()) == 0) {
      broken_ = true;
      Interrupt();
      return false;
    }
  }
  HandOutNotifications(on_notify);
  return true;
}

void Connection::Interrupt() {
  interrupted_ = true;
  if (waiting_for_notifications_) socket_.cancel();
}

}  // namespace immich::pg
