#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/pg/pg_connection.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich::pg {

/// The inside of a Pool. Kept alive by its leases and background tasks.
struct Pool::Impl : std::enable_shared_from_this<Impl> {
  /// A connection in use; goes back to the pool, which closes it when it cannot be used again.
  class Lease {
   public:
    Lease(std::shared_ptr<Impl> pool, std::shared_ptr<Connection> connection)
        : pool_(std::move(pool)), connection_(std::move(connection)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->Release(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    std::shared_ptr<Impl> pool_;
    std::shared_ptr<Connection> connection_;
  };

  /// A coroutine that waits for a connection; its timer is cancelled when it got one or is refused.
  struct Waiter {
    Waiter(Impl& owner, std::chrono::milliseconds timeout);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    Impl& pool;
    boost::asio::steady_timer timer;
    std::shared_ptr<Connection> connection;
    bool refused = false;
  };

  struct IdleConnection {
    std::shared_ptr<Connection> connection;
    std::chrono::steady_clock::time_point since;
  };

  struct Channel {
    std::vector<std::function<void(std::string_view payload)>> on_notify;
    std::vector<std::function<void()>> on_listening;
    std::vector<std::function<void()>> on_lost;
  };

  /// A coroutine that waits for the listening connection to catch up.
  struct CatchUpWaiter {
    explicit CatchUpWaiter(const boost::asio::any_io_executor& executor)
        : timer(executor, boost::asio::steady_timer::time_point::max()) {}
    boost::asio::steady_timer timer;
    bool is_awake = false;
    bool has_caught_up = false;
  };
  using CatchUpWaiters = std::vector<std::shared_ptr<CatchUpWaiter>>;

  Impl(boost::asio::any_io_executor executor, PoolOptions options);

  std::optional<Lease> TakeIdle();
  Task<Lease> Acquire(std::chrono::milliseconds timeout);
  void Close();
  /// A connection outside the pool, for locks and LISTEN.
  Task<std::shared_ptr<Connection>> OpenOwn();
  /// One attempt of a transaction. Gives the error back, because the connection is released in either case.
  Task<std::exception_ptr> TryTransaction(const std::function<Task<void>(Transaction&)>& body);
  /// After a change of the schema: connections of before are closed, now or when they come back.
  void ForgetPlans();

  /// Runs `call(connection)` on a leased connection; once more on a new one when a plan has become stale.
  template <class Call>
  std::invoke_result_t<Call&, Connection&> RunLeased(Call call) {
    for (bool retried = false;; retried = true) {
      std::optional<Lease> lease = TakeIdle();
      if (!lease) lease.emplace(co_await Acquire(options.acquire_timeout));
      try {
        co_return co_await call(**lease);
      } catch (const StalePlan&) {
        if (retried) throw;
        ForgetPlans();
      }
    }
  }

  void Release(std::shared_ptr<Connection> connection);
  void Offer(std::shared_ptr<Connection> connection);
  void OpenMore();
  static Task<void> OpenOne(std::shared_ptr<Impl> self);
  void NoteFailure(const std::string& detail);
  void NoteSuccess();
  void ScheduleTrim();
  void Trim();
  static Task<void> RollBack(std::shared_ptr<Lease> lease);

  void Listen(std::string channel, Channel handlers);
  static Task<void> RunListener(std::shared_ptr<Impl> self);
  Task<void> ListenOnce();
  Task<void> ListenToNewChannels(std::set<std::string>& listening);
  void StopListening();
  bool TakeNotifications();
  Task<bool> CatchUp();
  Task<void> ServeCatchUp();
  static void Wake(const CatchUpWaiters& waiters, bool has_caught_up);
  void Notify(std::string_view channel, std::string_view payload);

  /// Starts a task that Close() cancels.
  void SpawnBackground(Task<void> task);

  boost::asio::any_io_executor executor;
  PoolOptions options;
  ConnectSettings settings;
  std::shared_ptr<const StatementObserver> observer;

  /// Most recently used last.
  std::vector<IdleConnection> idle;
  std::deque<Waiter*> waiters;
  std::size_t in_use = 0;
  std::size_t opening = 0;
  unsigned generation = 0;
  bool closed = false;
  boost::asio::steady_timer trim_timer;
  bool trim_scheduled = false;

  /// Since when the database cannot be reached, and when that was last logged.
  bool failing = false;
  std::chrono::steady_clock::time_point last_failure_log;

  std::map<std::string, Channel, std::less<>> channels;
  std::shared_ptr<Connection> listener;
  bool listener_started = false;
  /// Wait for the next round trip, and for the one under way.
  CatchUpWaiters catching_up, being_served;

  std::list<std::shared_ptr<boost::asio::cancellation_signal>> background;
};

}  // namespace immich::pg
