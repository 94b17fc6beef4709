#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "platform/async/task.hpp"

namespace immich {

/// Callers that want the same at the same time share one run of it: the first runs; those that come meanwhile wait, one
/// of them runs when the first is done, and the others take its result. Nobody gets the result of a run that began
/// before the call, so an answer is never older than its question. One event loop only.
///
///     SharedCalls::Turn turn = co_await calls.Enter(key);
///     if (!turn.result()) turn.Finish(co_await Compute());   // Task<std::shared_ptr<const Answer>>
///     co_return turn.result<Answer>();
class SharedCalls {
 public:
  class Turn;

  SharedCalls();
  ~SharedCalls();
  SharedCalls(const SharedCalls&) = delete;
  SharedCalls& operator=(const SharedCalls&) = delete;

  /// `key` names what is wanted; results of one key are of one type. Cancellable.
  Task<Turn> Enter(std::string key);

 private:
  struct State;
  struct Batch;
  struct Waiter;
  std::shared_ptr<State> state_;
};

/// A caller's share. Without a result the caller does the work and calls Finish; when it fails or is cancelled before
/// that, those that waited for it do the work themselves.
class SharedCalls::Turn {
 public:
  Turn() = default;
  ~Turn();
  Turn(Turn&& other) noexcept = default;
  Turn& operator=(Turn&&) = delete;

  template <class Result = void>
  std::shared_ptr<const Result> result() const {
    return std::static_pointer_cast<const Result>(result_);
  }
  void Finish(std::shared_ptr<const void> result) { result_ = std::move(result); }

 private:
  friend class SharedCalls;
  std::shared_ptr<State> state_;
  std::string key_;
  std::shared_ptr<Batch> batch_;
  std::shared_ptr<const void> result_;
};

}  // namespace immich
