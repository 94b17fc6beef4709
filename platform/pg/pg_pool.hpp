#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_error.hpp"
#include "platform/pg/pg_params.hpp"
#include "platform/pg/pg_result.hpp"
#include "platform/pg/pg_statement.hpp"

namespace immich::pg {

/// What stores run statements on: the pool (each statement its own transaction) or an open transaction.
class Db {
 public:
  virtual ~Db() = default;

  /// Runs a compiled-in statement, prepared once per connection. Throws QueryError, or Unavailable (503) when no
  /// connection can be had within the pool's acquire timeout or it breaks before an answer.
  virtual Task<Result> Run(const Statement& statement, Params params = {}) = 0;
  /// Runs a statement built at run time (fixed fragments + bound values only), prepared and cached by its text.
  virtual Task<Result> RunDynamic(std::string text, Params params = {}) = 0;
  /// Calls `on_row` for each row without holding the whole result (single-row mode).
  virtual Task<void> Stream(std::string text, Params params, std::function<Task<void>(Row)> on_row) = 0;
};

struct PoolOptions {
  /// libpq connection string or URI.
  std::string url = {};
  std::size_t max_connections = 10;
  std::chrono::milliseconds acquire_timeout{5000};
  std::string application_name = "immich";
  std::chrono::milliseconds connect_timeout{10000};
  /// Connections beyond the first are closed when unused for this long.
  std::chrono::milliseconds idle_timeout{60000};
  /// Latency hook: called after each statement with its name (`dynamic`, `pipeline`, `stream` for the unnamed).
  std::function<void(std::string_view statement, std::chrono::microseconds duration)> on_statement = {};
};

struct PoolStats {
  std::size_t in_use = 0, idle = 0, waiting = 0;
};

class Connection;

/// An open transaction. Statements run one after another; it ends with the `body` of Pool::InTransaction.
class Transaction : public Db {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  Task<Result> Run(const Statement& statement, Params params = {}) override;
  Task<Result> RunDynamic(std::string text, Params params = {}) override;
  Task<void> Stream(std::string text, Params params, std::function<Task<void>(Row)> on_row) override;
  /// Several statements in one round trip; results in order.
  Task<std::vector<Result>> RunPipeline(std::vector<std::pair<Statement, Params>> batch);
  /// Several statements (a migration file) through the simple protocol; must not hold BEGIN, COMMIT or COPY.
  Task<void> RunScript(std::string sql);

 private:
  Connection& connection_;
};

/// Connections to one database, all driven by one event loop. Opens lazily, reconnects by itself, prepares statements
/// on first use, cancels the running statement when the awaiting coroutine is cancelled. Not thread-safe.
class Pool : public Db {
 public:
  Pool(boost::asio::any_io_executor executor, PoolOptions options);
  ~Pool() override;

  Task<Result> Run(const Statement& statement, Params params = {}) override;
  Task<Result> RunDynamic(std::string text, Params params = {}) override;
  Task<void> Stream(std::string text, Params params, std::function<Task<void>(Row)> on_row) override;

  /// Runs several statements in one pipeline round trip (one implicit transaction); results in order.
  Task<std::vector<Result>> RunPipeline(std::vector<std::pair<Statement, Params>> batch);

  /// BEGIN, `body`, COMMIT; ROLLBACK when `body` throws. Serialization failures and deadlocks (40001, 40P01) and a
  /// connection lost before COMMIT are retried up to three times, so `body` must be repeatable. A break during COMMIT
  /// throws CommitUnknown. A transaction without statements costs nothing.
  Task<void> InTransaction(std::function<Task<void>(Transaction&)> body);

  /// Runs several statements (a migration file) through the simple protocol in one round trip.
  Task<void> RunScript(std::string sql);

  /// Calls `on_notify(payload)` for each NOTIFY on `channel`; all channels share one connection of their own, which
  /// reconnects until the pool ends. `on_listening` is called whenever listening (again) begins: what was sent before
  /// is lost. `on_lost`: the connection broke.
  void Listen(std::string channel, std::function<void(std::string_view payload)> on_notify,
              std::function<void()> on_listening = {}, std::function<void()> on_lost = {});
  /// Hands out, without waiting, the notifications that have arrived. False when nobody listens at the moment or that
  /// cannot be said.
  bool TakeNotifications();
  /// One round trip on the listening connection, shared by those that wait for it: afterwards the notifications of
  /// every transaction that was committed before the call are handed out. False when nobody listens; a server that does
  /// not answer within kCatchUpTimeout counts as a lost connection.
  Task<bool> CatchUpWithNotifications();
  static constexpr std::chrono::milliseconds kCatchUpTimeout{2000};

  /// Holds a session-level advisory lock on a connection of its own.
  class AdvisoryLock {
   public:
    AdvisoryLock() = default;
    explicit AdvisoryLock(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
    explicit operator bool() const { return connection_ != nullptr; }
    /// False when the session, and with it the lock, is gone.
    bool IsHeld() const;

   private:
    std::shared_ptr<Connection> connection_;
  };
  /// Empty when another session holds the lock. Dropping the result releases it (closes that connection).
  Task<AdvisoryLock> TryAdvisoryLock(std::int64_t key);
  /// Waits for the lock.
  Task<AdvisoryLock> WaitForAdvisoryLock(std::int64_t key);

  /// The event loop that drives the connections.
  boost::asio::any_io_executor executor() const;
  /// True when the database answers `SELECT 1` within `timeout`.
  Task<bool> Ping(std::chrono::milliseconds timeout);
  /// Closes idle connections and refuses new work; running statements finish.
  void Close();
  PoolStats stats() const;

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace immich::pg
