#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "platform/async/task.hpp"

namespace boost::asio {
class io_context;
}

namespace immich {

/// Starts `task` on `executor` without waiting for it. An exception that escapes it is logged under `name`, except the
/// cancellation of an asynchronous operation (the normal end of a background task).
void Spawn(const boost::asio::any_io_executor& executor, std::string_view name, Task<void> task);
void Spawn(boost::asio::io_context& io, std::string_view name, Task<void> task);

/// Suspends the calling coroutine. Cancellable: throws boost::system::system_error with operation_aborted.
Task<void> SleepFor(std::chrono::milliseconds duration);

/// Runs `body` to completion on a private event loop and rethrows its exception; for tests, tools and start-up code.
/// Tasks that `body` spawned and that are still waiting when it ends are dropped.
void RunToCompletion(std::function<Task<void>()> body);

/// Counts permits; waiters are served first come first served. One event loop only.
class Semaphore {
 public:
  /// Gives its permit back when destroyed.
  class Permit;

  explicit Semaphore(std::size_t permits);
  ~Semaphore();
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Cancellable: a waiter that is cancelled leaves the queue and gets operation_aborted.
  Task<void> Acquire();
  void Release();
  /// Acquire that cannot forget to release.
  Task<Permit> AcquirePermit();
  /// Takes effect at once for waiters; a smaller number takes effect as permits are released.
  void SetPermits(std::size_t permits);
  std::size_t in_use() const;
  std::size_t waiting() const;

 private:
  struct State;
  struct Waiter;
  std::shared_ptr<State> state_;
};

class Semaphore::Permit {
 public:
  Permit() = default;
  ~Permit() { Reset(); }
  Permit(Permit&& other) noexcept = default;
  Permit& operator=(Permit&& other) noexcept {
    if (this != &other) {
      Reset();
      state_ = std::move(other.state_);
    }
    return *this;
  }
  void Reset();

 private:
  friend class Semaphore;
  explicit Permit(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace immich
