#include <libpq-fe.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <tuple>
#include <variant>

#include "platform/async/blocking.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_connection.hpp"
#include "platform/pg/pg_query_error.hpp"

namespace immich::pg {
namespace {

namespace asio = boost::asio;

/// jit: compiling a plan costs more than any of our statements run.
constexpr char kSessionSettings[] =
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET jit = off";

void LogNotice(void*, const char* message) {
  std::string_view text(message);
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (text.starts_with("WARNING")) {
    log::Warn("Database", "{}", text);
  } else {
    log::Debug("Database", "{}", text);
  }
}

/// Waits on libpq's socket of the moment; libpq may close it and open another one at the next poll.
Task<void> WaitForConnect(const asio::any_io_executor& executor, int socket_fd, bool readable,
                          std::chrono::steady_clock::time_point deadline) {
  using asio::experimental::awaitable_operators::operator||;
  constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
  struct Borrowed {
    asio::posix::stream_descriptor descriptor;
    ~Borrowed() { descriptor.release(); }
  };
  Borrowed socket{asio::posix::stream_descriptor(executor, socket_fd)};
  const auto what = readable ? asio::posix::descriptor_base::wait_read : asio::posix::descriptor_base::wait_write;
  asio::steady_timer timer(executor, deadline);
  const auto first = co_await (socket.descriptor.async_wait(what, kAsTuple) || timer.async_wait(kAsTuple));
  const auto code = std::visit([](const auto& outcome) { return std::get<0>(outcome); }, first);
  if (code) throw boost::system::system_error(code);
  if (std::chrono::steady_clock::now() >= deadline) throw ConnectionBroken("connecting took too long");
}

}  // namespace

void Connection::Closer::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

Task<std::shared_ptr<Connection>> Connection::Open(asio::any_io_executor executor, const ConnectSettings& settings,
                                                   std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  Handle handle = co_await StartConnecting(settings);
  if (!handle) throw ConnectionBroken("out of memory");
  co_await FinishConnecting(executor, handle.get(), deadline);
  PQsetnonblocking(handle.get(), 1);
  std::shared_ptr<Connection> connection(new Connection(executor, std::move(handle)));
  connection->SetDeadline(deadline);
  co_await connection->ApplySessionSettings();
  connection->SetDeadline(std::nullopt);
  co_return connection;
}

Task<Connection::Handle> Connection::StartConnecting(const ConnectSettings& settings) {
  auto start = [parameters = settings.parameters] {
    std::vector<const char*> keywords, values;
    for (const auto& [keyword, value] : parameters) {
      keywords.push_back(keyword.c_str());
      values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    return Handle(PQconnectStartParams(keywords.data(), values.data(), 0));
  };
  if (!settings.NeedsLookup()) co_return start();
  co_return co_await RunBlocking(std::move(start));
}

Task<void> Connection::FinishConnecting(const asio::any_io_executor& executor, pg_conn* connection,
                                        std::chrono::steady_clock::time_point deadline) {
  if (PQstatus(connection) == CONNECTION_BAD) throw ConnectionBroken(OneLine(PQerrorMessage(connection)));
  PQsetNoticeProcessor(connection, &LogNotice, nullptr);
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) throw ConnectionBroken(OneLine(PQerrorMessage(connection)));
    co_await WaitForConnect(executor, PQsocket(connection), state == PGRES_POLLING_READING, deadline);
    state = PQconnectPoll(connection);
  }
}

Task<void> Connection::ApplySessionSettings() {
  EnterBusy();
  const std::string settings = kSessionSettings;
  try {
    co_await RunSimple(settings);
  } catch (const QueryError& error) {
    throw ConnectionBroken(error.detail());
  }
  if (PQenterPipelineMode(handle_.get()) == 0) ThrowBroken();
  busy_ = false;
}

}  // namespace immich::pg
