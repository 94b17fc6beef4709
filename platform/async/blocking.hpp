#pragma once

#include <boost/asio/execution_context.hpp>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "platform/async/task.hpp"

namespace immich {

namespace detail {
/// Runs `work` on the blocking pool and resumes on the awaiting coroutine's executor; rethrows what `work` throws.
Task<void> RunOnBlockingPool(std::function<void()> work);
/// Blocks until no work started from coroutines of `context` is queued or running; before the context is destroyed.
void WaitForBlockingWork(boost::asio::execution_context& context);
}  // namespace detail

/// Sizes the process-wide pool for blocking work. Called once from main before the event loop runs; without it the
/// first RunBlocking starts a pool of kDefaultBlockingThreads.
inline constexpr std::size_t kDefaultBlockingThreads = 4;
void StartBlockingPool(std::size_t threads);
/// Waits for queued work and joins the threads. Called once from main after the event loop stopped.
void StopBlockingPool();

/// Runs `work` on the pool without waiting for it; for clean-up in destructors. `work` must not throw.
void PostBlocking(std::function<void()> work);

/// Runs `work` (bcrypt, fsync, stat, compression …) off the event loop and returns its result on it.
/// `work` must own or outlive everything it touches: a cancelled caller does not cancel it.
template <std::invocable Work>
Task<std::invoke_result_t<Work>> RunBlocking(Work work) {
  using T = std::invoke_result_t<Work>;
  if constexpr (std::is_void_v<T>) {
    std::function<void()> job = [moved = std::make_shared<Work>(std::move(work))] { (*moved)(); };
    co_await detail::RunOnBlockingPool(std::move(job));
  } else {
    auto result = std::make_shared<std::optional<T>>();
    std::function<void()> job = [moved = std::make_shared<Work>(std::move(work)), result] {
      result->emplace((*moved)());
    };
    co_await detail::RunOnBlockingPool(std::move(job));
    co_return std::move(**result);
  }
}

}  // namespace immich
