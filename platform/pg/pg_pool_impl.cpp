#include "platform/pg/pg_pool_impl.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "platform/async/event_loop.hpp"
#include "platform/log/log.hpp"

namespace immich::pg {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstRetryDelay{50};
constexpr std::chrono::milliseconds kLongestRetryDelay{1000};
constexpr std::chrono::seconds kFailureLogInterval{30};

}  // namespace

Pool::Impl::Waiter::Waiter(Impl& owner, std::chrono::milliseconds timeout)
    : pool(owner), timer(owner.executor, timeout) {
  pool.waiters.push_back(this);
}

Pool::Impl::Waiter::~Waiter() {
  std::erase(pool.waiters, this);
  // Got one and was cancelled at the same moment.
  if (connection) pool.Release(std::move(connection));
}

Pool::Impl::Impl(asio::any_io_executor on, PoolOptions pool_options)
    : executor(on),
      options(std::move(pool_options)),
      settings(ConnectSettings::Parse(options.url, options.application_name)),
      observer(std::make_shared<const StatementObserver>(options.on_statement)),
      trim_timer(on) {}

std::optional<Pool::Impl::Lease> Pool::Impl::TakeIdle() {
  if (closed || !waiters.empty()) return std::nullopt;
  while (!idle.empty()) {
    std::shared_ptr<Connection> connection = std::move(idle.back().connection);
    idle.pop_back();
    if (!connection->IsAlive()) continue;
    ++in_use;
    return Lease(shared_from_this(), std::move(connection));
  }
  return std::nullopt;
}

Task<Pool::Impl::Lease> Pool::Impl::Acquire(std::chrono::milliseconds timeout) {
  if (auto lease = TakeIdle()) co_return std::move(*lease);
  if (closed) throw Unavailable("Database connections are closed");
  Waiter waiter(*this, timeout);
  OpenMore();
  boost::system::error_code code;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, code));
  if (waiter.connection) co_return Lease(shared_from_this(), std::move(waiter.connection));
  if (waiter.refused) throw Unavailable("Database connections are closed");
  if (code) throw boost::system::system_error(code);
  throw Unavailable(failing ? "Database unavailable" : "Database is too busy");
}

void Pool::Impl::Release(std::shared_ptr<Connection> connection) {
  --in_use;
  Offer(std::move(connection));
}

/// Gives a usable connection to the longest waiting coroutine or keeps it idle.
void Pool::Impl::Offer(std::shared_ptr<Connection> connection) {
  if (closed) return;
  if (!connection->IsReusable() || connection->generation() != generation) {
    connection.reset();
    OpenMore();
    return;
  }
  connection->SetDeadline(std::nullopt);
  const auto waiting = std::ranges::find_if(waiters, [](const Waiter* waiter) { return !waiter->connection; });
  if (waiting == waiters.end()) {
    idle.push_back({std::move(connection), Clock::now()});
    ScheduleTrim();
    return;
  }
  ++in_use;
  Waiter* waiter = *waiting;
  waiters.erase(waiting);
  waiter->connection = std::move(connection);
  waiter->timer.cancel();
}

void Pool::Impl::OpenMore() {
  // While the database is away one task knocks for all.
  while (!closed && opening < waiters.size() && in_use + idle.size() + opening < options.max_connections &&
         !(failing && opening > 0)) {
    ++opening;
    SpawnBackground(OpenOne(shared_from_this()));
  }
}

Task<void> Pool::Impl::OpenOne(std::shared_ptr<Impl> self) {
  struct Counted {
    std::size_t& opening;
    ~Counted() { --opening; }
  };
  std::shared_ptr<Connection> connection;
  {
    const Counted counted{self->opening};
    auto delay = kFirstRetryDelay;
    while (!connection) {
      const unsigned generation = self->generation;
      try {
        connection = co_await Connection::Open(self->executor, self->settings, self->options.connect_timeout);
        connection->set_generation(generation);
        connection->SetObserver(self->observer);
        break;
      } catch (const ConnectionBroken& error) {
        self->NoteFailure(error.detail());
      }
      if (self->waiters.empty() || self->opening > 1) co_return;
      co_await SleepFor(delay);
      delay = std::min(delay * 2, kLongestRetryDelay);
    }
  }
  self->NoteSuccess();
  self->Offer(std::move(connection));
  self->OpenMore();
}

void Pool::Impl::NoteFailure(const std::string& detail) {
  const auto now = Clock::now();
  if (!failing || now - last_failure_log > kFailureLogInterval) {
    log::Warn("Database", "No connection to the database: {}", detail);
    last_failure_log = now;
  }
  failing = true;
}

void Pool::Impl::NoteSuccess() {
  if (failing) log::Info("Database", "Connected to the database again");
  failing = false;
}

void Pool::Impl::ForgetPlans() {
  ++generation;
  idle.clear();
}

void Pool::Impl::ScheduleTrim() {
  if (trim_scheduled || idle.size() < 2) return;
  trim_scheduled = true;
  trim_timer.expires_at(idle.front().since + options.idle_timeout);
  trim_timer.async_wait([weak = weak_from_this()](const boost::system::error_code& code) {
    const auto self = weak.lock();
    if (!self) return;
    self->trim_scheduled = false;
    if (!code) self->Trim();
  });
}

void Pool::Impl::Trim() {
  const auto limit = Clock::now() - options.idle_timeout;
  while (idle.size() > 1 && idle.front().since <= limit) idle.erase(idle.begin());
  ScheduleTrim();
}

Task<std::shared_ptr<Connection>> Pool::Impl::OpenOwn() {
  if (closed) throw Unavailable("Database connections are closed");
  co_return co_await Connection::Open(executor, settings, options.connect_timeout);
}

Task<std::exception_ptr> Pool::Impl::TryTransaction(const std::function<Task<void>(Transaction&)>& body) {
  auto lease = std::make_shared<Lease>(co_await Acquire(options.acquire_timeout));
  (*lease)->Begin();
  Transaction transaction(**lease);
  std::exception_ptr error;
  try {
    co_await body(transaction);
    co_await (*lease)->Commit();
  } catch (...) {
    error = std::current_exception();
  }
  // In a task of its own, because this coroutine may have been cancelled.
  if (error) Spawn(executor, "Database", RollBack(std::move(lease)));
  co_return error;
}

Task<void> Pool::Impl::RollBack(std::shared_ptr<Lease> lease) {
  try {
    co_await (*lease)->Rollback();
  } catch (const std::exception&) {
    // Whatever was wrong with the connection: the pool closes it, which rolls back as well.
    (*lease)->MarkBroken();
  }
}

void Pool::Impl::SpawnBackground(Task<void> task) {
  auto signal = std::make_shared<asio::cancellation_signal>();
  background.push_back(signal);
  auto on_end = [self = shared_from_this(), signal](const std::exception_ptr& error) {
    std::erase(self->background, signal);
    try {
      if (error) std::rethrow_exception(error);
    } catch (const boost::system::system_error&) {
      // Cancelled by Close().
    } catch (const std::exception& failure) {
      log::Error("Database", "Background task ended: {}", failure.what());
    }
  };
  asio::co_spawn(executor, std::move(task), asio::bind_cancellation_slot(signal->slot(), std::move(on_end)));
}

void Pool::Impl::Close() {
  if (closed) return;
  closed = true;
  idle.clear();
  trim_timer.cancel();
  for (Waiter* waiter : waiters) {
    waiter->refused = true;
    waiter->timer.cancel();
  }
  const auto signals = background;
  for (const auto& signal : signals) signal->emit(asio::cancellation_type::terminal);
}

}  // namespace immich::pg
