#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "ml/models/model_task.hpp"
#include "platform/async/task.hpp"

namespace immich::ml {

/// The threads that run graphs (MACHINE_LEARNING_WORKERS and REQUEST_THREADS decide how many). All models share them;
/// requests of one model that wait at the same time run as one batch.
class InferenceLanes {
 public:
  class Queue;

  struct Options {
    int lanes = 1;
    /// Longest wait for requests that are on their way to a batch; nobody waits when nobody is.
    std::chrono::microseconds max_wait{5000};
    /// A graph that runs longer than this is given up: `on_stuck` is called once. 0: never.
    std::chrono::seconds stuck_after{0};
    std::function<void()> on_stuck;
    /// Told after each run: number of requests, their rows, duration.
    std::function<void(std::size_t requests, std::size_t rows, std::chrono::microseconds duration)> on_batch;
  };
  explicit InferenceLanes(Options options);
  /// Waits for running graphs; requests that wait are dropped without an answer.
  ~InferenceLanes();
  InferenceLanes(const InferenceLanes&) = delete;
  InferenceLanes& operator=(const InferenceLanes&) = delete;

  /// The queue of one loaded model. `task` outlives it.
  std::shared_ptr<Queue> MakeQueue(const ModelTask& task);
  /// Requests waiting for a lane, of all models.
  std::size_t waiting() const;

 private:
  struct Shared;
  static void RunLane(const std::shared_ptr<Shared>& shared);
  static void Watch(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::vector<std::jthread> threads_;
};

/// Where the requests of one model meet. Thread-safe.
class InferenceLanes::Queue : public std::enable_shared_from_this<InferenceLanes::Queue> {
 public:
  /// A request that will come to this queue soon; a batch may wait for it. Ends with Infer or its destruction.
  class Ticket {
   public:
    Ticket() = default;
    ~Ticket() { Withdraw(); }
    Ticket(Ticket&&) noexcept = default;
    Ticket& operator=(Ticket&& other) noexcept;
    void Withdraw();

   private:
    friend class Queue;
    explicit Ticket(std::shared_ptr<Queue> queue) : queue_(std::move(queue)) {}
    std::shared_ptr<Queue> queue_;
  };

  Queue(std::shared_ptr<Shared> shared, const ModelTask& task) : shared_(std::move(shared)), task_(task) {}

  Ticket Announce();
  /// Runs the graph, perhaps together with other requests. Rethrows what the task threw for this request.
  Task<void> Infer(Ticket ticket, std::shared_ptr<Prepared> prepared);

 private:
  friend class InferenceLanes;
  struct Item {
    std::shared_ptr<Prepared> prepared;
    std::size_t rows;
    std::chrono::steady_clock::time_point since;
    std::function<void(std::exception_ptr)> done;
    /// The model stays loaded while it has requests.
    std::shared_ptr<Queue> queue;
  };
  void Push(Ticket ticket, std::shared_ptr<Prepared> prepared, std::function<void(std::exception_ptr)> done);
  std::vector<Item> TakeBatch();

  std::shared_ptr<Shared> shared_;
  const ModelTask& task_;
  // Guarded by the mutex of Shared.
  std::vector<Item> items_;
  std::size_t announced_ = 0;
};

}  // namespace immich::ml
