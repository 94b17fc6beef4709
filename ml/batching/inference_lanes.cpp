#include "ml/batching/inference_lanes.hpp"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>

namespace immich::ml {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

/// A function object that can be copied, as std::function wants it, around one that cannot.
template <class Handler>
std::function<void(std::exception_ptr)> PostingTo(Handler handler) {
  auto executor = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
  auto shared = std::make_shared<std::optional<Handler>>(std::move(handler));
  return [shared, executor](std::exception_ptr failure) {
    asio::post(executor, [handler = std::move(**shared), failure = std::move(failure)]() mutable {
      std::move(handler)(std::move(failure));
    });
    shared->reset();
  };
}

}  // namespace

struct InferenceLanes::Shared {
  explicit Shared(Options given) : options(std::move(given)) {}

  /// When the queue's batch may start: now when it is full or nobody is on the way to it.
  Clock::time_point ReadyAt(const Queue& queue) const;
  /// The queue whose oldest request waits longest among those that may start; null when there is none, `wake_at` then
  /// tells when to look again.
  Queue* NextReady(Clock::time_point now, std::optional<Clock::time_point>& wake_at) const;

  const Options options;
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::set<Queue*> busy_queues;  // with items
  std::multiset<Clock::time_point> running_since;
};

Clock::time_point InferenceLanes::Shared::ReadyAt(const Queue& queue) const {
  const std::size_t limit = std::max<std::size_t>(queue.task_.max_rows(), 1);
  std::size_t rows = 0;
  for (const Queue::Item& item : queue.items_) rows += item.rows;
  const Clock::time_point oldest = queue.items_.front().since;
  return queue.announced_ == 0 || rows >= limit ? oldest : oldest + options.max_wait;
}

InferenceLanes::Queue* InferenceLanes::Shared::NextReady(Clock::time_point now,
                                                         std::optional<Clock::time_point>& wake_at) const {
  Queue* next = nullptr;
  for (Queue* queue : busy_queues) {
    const Clock::time_point ready_at = ReadyAt(*queue);
    if (ready_at > now) {
      wake_at = std::min(wake_at.value_or(ready_at), ready_at);
    } else if (next == nullptr || queue->items_.front().since < next->items_.front().since) {
      next = queue;
    }
  }
  return next;
}

InferenceLanes::InferenceLanes(Options options) : shared_(std::make_shared<Shared>(std::move(options))) {
  for (int i = 0; i < std::max(shared_->options.lanes, 1); ++i) {
    threads_.emplace_back([shared = shared_] { RunLane(shared); });
    pthread_setname_np(threads_.back().native_handle(), "inference");
  }
  if (shared_->options.stuck_after.count() > 0) {
    threads_.emplace_back([shared = shared_] { Watch(shared); });
    pthread_setname_np(threads_.back().native_handle(), "watchdog");
  }
}

InferenceLanes::~InferenceLanes() {
  {
    const std::scoped_lock lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->changed.notify_all();
  threads_.clear();
  // Items hold their queues and those hold Shared: take the circle apart.
  for (Queue* queue : std::exchange(shared_->busy_queues, {})) {
    const auto items = std::exchange(queue->items_, {});
  }
}

std::shared_ptr<InferenceLanes::Queue> InferenceLanes::MakeQueue(const ModelTask& task) {
  return std::make_shared<Queue>(shared_, task);
}

std::size_t InferenceLanes::waiting() const {
  const std::scoped_lock lock(shared_->mutex);
  std::size_t count = 0;
  for (const Queue* queue : shared_->busy_queues) count += queue->items_.size();
  return count;
}

namespace {

/// What each request of a batch ended with. A batch that fails is run again one by one, so that one bad request cannot
/// spoil the others.
std::vector<std::exception_ptr> InferAll(const ModelTask& task, const std::vector<Prepared*>& batch) {
  std::vector<std::exception_ptr> outcomes(batch.size());
  try {
    task.Infer(batch);
    return outcomes;
  } catch (...) {
    outcomes[0] = std::current_exception();
  }
  if (batch.size() == 1) return outcomes;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    try {
      outcomes[i] = nullptr;
      Prepared* const single[] = {batch[i]};
      task.Infer(single);
    } catch (...) {
      outcomes[i] = std::current_exception();
    }
  }
  return outcomes;
}

}  // namespace

void InferenceLanes::RunLane(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (!shared->stopping) {
    const auto now = Clock::now();
    std::optional<Clock::time_point> wake_at;
    Queue* queue = shared->NextReady(now, wake_at);
    if (queue == nullptr) {
      wake_at ? void(shared->changed.wait_until(lock, *wake_at)) : shared->changed.wait(lock);
      continue;
    }
    std::vector<Queue::Item> items = queue->TakeBatch();
    const auto running = shared->running_since.insert(now);
    lock.unlock();
    std::vector<Prepared*> batch;
    std::size_t rows = 0;
    for (const Queue::Item& item : items) {
      batch.push_back(item.prepared.get());
      rows += item.rows;
    }
    const auto start = Clock::now();
    const std::vector<std::exception_ptr> outcomes = InferAll(queue->task_, batch);
    if (shared->options.on_batch) {
      shared->options.on_batch(batch.size(), rows,
                               std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start));
    }
    for (std::size_t i = 0; i < items.size(); ++i) items[i].done(outcomes[i]);
    items.clear();
    lock.lock();
    shared->running_since.erase(running);
  }
}

void InferenceLanes::Watch(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (!shared->stopping) {
    shared->changed.wait_for(lock, std::chrono::seconds(1));
    if (shared->running_since.empty()) continue;
    if (Clock::now() - *shared->running_since.begin() < shared->options.stuck_after) continue;
    lock.unlock();
    if (shared->options.on_stuck) shared->options.on_stuck();
    return;
  }
}

InferenceLanes::Queue::Ticket& InferenceLanes::Queue::Ticket::operator=(Ticket&& other) noexcept {
  if (this != &other) {
    Withdraw();
    queue_ = std::move(other.queue_);
  }
  return *this;
}

void InferenceLanes::Queue::Ticket::Withdraw() {
  if (!queue_) return;
  {
    const std::scoped_lock lock(queue_->shared_->mutex);
    --queue_->announced_;
  }
  queue_->shared_->changed.notify_all();
  queue_.reset();
}

InferenceLanes::Queue::Ticket InferenceLanes::Queue::Announce() {
  const std::scoped_lock lock(shared_->mutex);
  ++announced_;
  return Ticket(shared_from_this());
}

Task<void> InferenceLanes::Queue::Infer(Ticket ticket, std::shared_ptr<Prepared> prepared) {
  auto initiate = [&](auto handler) { Push(std::move(ticket), std::move(prepared), PostingTo(std::move(handler))); };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr)>(initiate,
                                                                                          asio::use_awaitable);
}

void InferenceLanes::Queue::Push(Ticket ticket, std::shared_ptr<Prepared> prepared,
                                 std::function<void(std::exception_ptr)> done) {
  const std::size_t rows = prepared->rows();
  {
    const std::scoped_lock lock(shared_->mutex);
    items_.push_back({std::move(prepared), rows, Clock::now(), std::move(done), shared_from_this()});
    shared_->busy_queues.insert(this);
    --announced_;
    ticket.queue_.reset();
  }
  shared_->changed.notify_all();
}

std::vector<InferenceLanes::Queue::Item> InferenceLanes::Queue::TakeBatch() {
  const std::size_t limit = std::max<std::size_t>(task_.max_rows(), 1);
  std::size_t count = 0, rows = 0;
  while (count < items_.size() && (count == 0 || rows + items_[count].rows <= limit)) rows += items_[count++].rows;
  const auto end = items_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Item> batch(std::make_move_iterator(items_.begin()), std::make_move_iterator(end));
  items_.erase(items_.begin(), end);
  if (items_.empty()) shared_->busy_queues.erase(this);
  return batch;
}

}  // namespace immich::ml
