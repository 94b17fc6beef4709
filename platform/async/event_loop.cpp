#include "platform/async/event_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <exception>
#include <optional>
#include <string>

#include "platform/async/blocking.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"

namespace immich {
namespace {

namespace asio = boost::asio;

void LogEscaped(std::string_view name, const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) return;
    log::Error(name, "Background task ended: {}", error.what());
  } catch (const InternalError& error) {
    log::Error(name, "Background task ended: {}", error.detail());
  } catch (const std::exception& error) {
    log::Error(name, "Background task ended: {}", error.what());
  } catch (...) {
    log::Error(name, "Background task ended by an unknown exception");
  }
}

}  // namespace

void Spawn(const asio::any_io_executor& executor, std::string_view name, Task<void> task) {
  asio::co_spawn(executor, std::move(task), [name = std::string(name)](const std::exception_ptr& exception) {
    if (exception) LogEscaped(name, exception);
  });
}

void Spawn(asio::io_context& io, std::string_view name, Task<void> task) {
  Spawn(asio::any_io_executor(io.get_executor()), name, std::move(task));
}

Task<void> SleepFor(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

void RunToCompletion(std::function<Task<void>()> body) {
  std::exception_ptr failure;
  {
    asio::io_context io(1);
    asio::co_spawn(io, body(), [&](const std::exception_ptr& exception) {
      failure = exception;
      io.stop();
    });
    io.run();
    // Let what `body` closed finish its last steps; a task that keeps itself busy must not keep us here.
    constexpr int kMaxClosingSteps = 10000;
    io.restart();
    for (int step = 0; step < kMaxClosingSteps && io.poll_one() != 0; ++step) {
    }
    detail::WaitForBlockingWork(io);
  }
  if (failure) std::rethrow_exception(failure);
}

struct Semaphore::Waiter {
  Waiter(State& owner, const asio::any_io_executor& executor);
  ~Waiter();
  Waiter(const Waiter&) = delete;

  std::shared_ptr<State> state;
  asio::steady_timer timer;
  bool granted = false;
  bool taken = false;
};

struct Semaphore::State : std::enable_shared_from_this<State> {
  std::size_t permits = 0;
  std::size_t in_use = 0;
  std::deque<Waiter*> waiters;

  void Grant() {
    while (in_use < permits && !waiters.empty()) {
      Waiter* waiter = waiters.front();
      waiters.pop_front();
      ++in_use;
      waiter->granted = true;
      waiter->timer.cancel();
    }
  }
  void Release() {
    --in_use;
    Grant();
  }
};

Semaphore::Waiter::Waiter(State& owner, const asio::any_io_executor& executor)
    : state(owner.shared_from_this()), timer(executor, asio::steady_timer::time_point::max()) {
  state->waiters.push_back(this);
}

Semaphore::Waiter::~Waiter() {
  if (granted && !taken) state->Release();
  if (!granted) std::erase(state->waiters, this);
}

Semaphore::Semaphore(std::size_t permits) : state_(std::make_shared<State>()) {
  state_->permits = permits;
}
Semaphore::~Semaphore() = default;

Task<void> Semaphore::Acquire() {
  std::shared_ptr<State> state = state_;
  if (state->in_use < state->permits && state->waiters.empty()) {
    ++state->in_use;
    co_return;
  }
  Waiter waiter(*state, co_await asio::this_coro::executor);
  boost::system::error_code code;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, code));
  if (!waiter.granted) throw boost::system::system_error(asio::error::operation_aborted);
  waiter.taken = true;
}

void Semaphore::Release() {
  state_->Release();
}

Task<Semaphore::Permit> Semaphore::AcquirePermit() {
  std::shared_ptr<State> state = state_;
  co_await Acquire();
  co_return Permit(std::move(state));
}

void Semaphore::SetPermits(std::size_t permits) {
  state_->permits = permits;
  state_->Grant();
}

std::size_t Semaphore::in_use() const {
  return state_->in_use;
}
std::size_t Semaphore::waiting() const {
  return state_->waiters.size();
}

void Semaphore::Permit::Reset() {
  if (auto state = std::move(state_)) state->Release();
}

}  // namespace immich
