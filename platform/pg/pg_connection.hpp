#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/container/small_vector.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/pg/pg_connect_settings.hpp"
#include "platform/pg/pg_error.hpp"
#include "platform/pg/pg_params.hpp"
#include "platform/pg/pg_prepared_cache.hpp"
#include "platform/pg/pg_result.hpp"
#include "platform/pg/pg_statement.hpp"

struct pg_conn;

namespace immich::pg {

/// Called after each statement with its name (`dynamic`, `pipeline`, `stream` for the unnamed).
using StatementObserver = std::function<void(std::string_view statement, std::chrono::microseconds duration)>;

/// One session, driven by one event loop, always in libpq's pipeline mode. One statement, batch or stream at a time.
/// When an operation fails half-way (break, cancellation, client error) the connection is broken for good:
/// !IsReusable().
class Connection {
 public:
  /// Connects and makes the session settings. Throws ConnectionBroken.
  static Task<std::shared_ptr<Connection>> Open(boost::asio::any_io_executor executor, const ConnectSettings& settings,
                                                std::chrono::milliseconds timeout);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<Result> Run(const Statement& statement, const Params& params);
  Task<Result> RunDynamic(std::string_view text, const Params& params);
  Task<std::vector<Result>> RunPipeline(std::span<const std::pair<Statement, Params>> batch);
  Task<void> Stream(std::string_view text, const Params& params, const std::function<Task<void>(Row)>& on_row);
  Task<void> RunScript(const std::string& sql);

  /// BEGIN travels with the next statement.
  void Begin() { begin_pending_ = true; }
  /// COMMIT; nothing when no statement followed Begin. Throws CommitUnknown when the connection breaks meanwhile.
  Task<void> Commit();
  Task<void> Rollback();

  /// Waits until the server sends something by itself and hands out notifications; throws ConnectionBroken.
  Task<void> WaitForNotifications(
      const std::function<void(std::string_view channel, std::string_view payload)>& on_notify);
  /// Hands out what has arrived, without waiting. False when that cannot be said: the connection is broken, or there is
  /// input that belongs to the statement under way.
  bool TakeNotifications(const std::function<void(std::string_view channel, std::string_view payload)>& on_notify);
  /// One round trip in which the server sends the notifications of everything that was committed before.
  Task<void> Sync();
  /// Ends the wait of WaitForNotifications.
  void Interrupt();

  /// In a known state and outside a transaction.
  bool IsReusable() const;
  /// Also asks the socket whether the server has hung up; one system call.
  bool IsAlive();
  /// Never to be used again.
  void MarkBroken() { broken_ = true; }
  /// A statement without an answer by then breaks the connection; nullopt: statements take the time they need.
  void SetDeadline(std::optional<std::chrono::steady_clock::time_point> deadline) { deadline_ = deadline; }
  /// Told the duration of each statement.
  void SetObserver(std::shared_ptr<const StatementObserver> observer) { observer_ = std::move(observer); }
  /// A number for the pool, which closes connections older than a change of the schema.
  unsigned generation() const { return generation_; }
  void set_generation(unsigned generation) { generation_ = generation; }

 private:
  struct Closer {
    void operator()(pg_conn* connection) const;
  };
  using Handle = std::unique_ptr<pg_conn, Closer>;
  struct Step;
  /// Room for what one statement needs: BEGIN, prepare, execute, deallocate.
  using Steps = boost::container::small_vector<Step, 4>;

  Connection(boost::asio::any_io_executor executor, Handle handle);

  static Task<Handle> StartConnecting(const ConnectSettings& settings);
  static Task<void> FinishConnecting(const boost::asio::any_io_executor& executor, pg_conn* connection,
                                     std::chrono::steady_clock::time_point deadline);
  Task<void> ApplySessionSettings();

  Task<Result> RunPrepared(Prepared& prepared, std::string_view name, const Params& params);
  void AddBegin(Steps& steps);
  void AddPrepared(Steps& steps, Prepared& prepared, const Params& params);
  void AddEvictions(Steps& steps);

  Task<void> Execute(Steps& steps);
  void Send(const Steps& steps);
  void SendStep(const Step& step);
  /// Reads results up to the step `stop` or the end of the batch; true at the end.
  Task<bool> ReadUntil(Steps& steps, std::size_t& index, std::size_t stop, std::exception_ptr& error);
  bool AcceptNext(Steps& steps, std::size_t& index, std::exception_ptr& error);
  void AcceptResult(Step& step, Result result, pg_result* raw, std::exception_ptr& error);
  Task<void> StreamRows(Step& step, const std::function<Task<void>(Row)>& on_row, std::exception_ptr& error);
  Task<void> RunSimple(const std::string& sql);
  Task<void> SendCommit();

  void HandOutNotifications(const std::function<void(std::string_view channel, std::string_view payload)>& on_notify);
  Task<void> WaitForInput();
  Task<void> WaitForSocket(bool also_writable);
  void Observe(std::string_view name, std::chrono::steady_clock::time_point start) const;
  void EnterBusy();
  [[noreturn]] void ThrowBroken();
  void Abandon();

  boost::asio::any_io_executor executor_;
  Handle handle_;
  boost::asio::posix::stream_descriptor socket_;
  PreparedCache prepared_;
  /// Set while a batch is under way, and for good when it was left half-way.
  bool busy_ = false;
  bool broken_ = false;
  bool begin_pending_ = false;
  bool interrupted_ = false;
  bool waiting_for_notifications_ = false;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::shared_ptr<const StatementObserver> observer_;
  unsigned generation_ = 0;
};

}  // namespace immich::pg
