#include "ml/batching/inference_lanes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/json/object.hpp>
#include <mutex>
#include <stdexcept>

#include "platform/async/event_loop.hpp"

namespace immich::ml {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Number final : Prepared {
  explicit Number(int given, std::size_t row_count = 1) : value(given), row_count_(row_count) {}
  std::size_t rows() const override { return row_count_; }
  int value;
  std::atomic<int> answer = 0;
  std::size_t row_count_;
};

/// Doubles numbers; -1 makes a whole batch fail.
class Doubler final : public ModelTask {
 public:
  Doubler(std::size_t max_rows, std::chrono::milliseconds duration = 0ms) : max_rows_(max_rows), duration_(duration) {}
  std::unique_ptr<Prepared> Prepare(const ModelInput&, const boost::json::object&, const ModelOutput*) const override {
    return nullptr;
  }
  std::size_t max_rows() const override { return max_rows_; }
  void Infer(std::span<Prepared* const> batch) const override {
    std::this_thread::sleep_for(duration_);
    {
      const std::scoped_lock lock(mutex_);
      batches_.push_back(batch.size());
      most_at_once_ = std::max(most_at_once_, ++running_);
    }
    std::this_thread::sleep_for(duration_);
    const std::scoped_lock lock(mutex_);
    --running_;
    for (Prepared* item : batch) {
      if (static_cast<Number*>(item)->value == -1) throw std::runtime_error("bad number");
    }
    for (Prepared* item : batch) static_cast<Number*>(item)->answer = 2 * static_cast<Number*>(item)->value;
  }
  std::unique_ptr<ModelOutput> Finish(Prepared&) const override { return nullptr; }

  std::vector<std::size_t> batches() const {
    const std::scoped_lock lock(mutex_);
    return batches_;
  }
  int most_at_once() const { return most_at_once_; }

 private:
  std::size_t max_rows_;
  std::chrono::milliseconds duration_;
  mutable std::mutex mutex_;
  mutable std::vector<std::size_t> batches_;
  mutable int running_ = 0;
  mutable int most_at_once_ = 0;
};

InferenceLanes::Options WithLanes(int lanes, std::chrono::microseconds max_wait = 5ms) {
  InferenceLanes::Options options;
  options.lanes = lanes;
  options.max_wait = max_wait;
  return options;
}

/// Sends all numbers at once and waits for all answers; failures count.
int InferAll(const std::shared_ptr<InferenceLanes::Queue>& queue, const std::vector<std::shared_ptr<Number>>& numbers) {
  int failures = 0;
  RunToCompletion([&]() -> Task<void> {
    Semaphore done(numbers.size());
    auto one = [&](std::shared_ptr<Number> number, InferenceLanes::Queue::Ticket ticket) -> Task<void> {
      const auto permit = co_await done.AcquirePermit();
      try {
        co_await queue->Infer(std::move(ticket), number);
      } catch (const std::runtime_error&) {
        ++failures;
      }
    };
    const auto executor = co_await boost::asio::this_coro::executor;
    std::vector<InferenceLanes::Queue::Ticket> tickets;
    for (std::size_t i = 0; i < numbers.size(); ++i) tickets.push_back(queue->Announce());
    for (std::size_t i = 0; i < numbers.size(); ++i) Spawn(executor, "one", one(numbers[i], std::move(tickets[i])));
    co_await SleepFor(0ms);
    while (done.in_use() > 0) co_await SleepFor(1ms);
  });
  return failures;
}

std::vector<std::shared_ptr<Number>> Numbers(std::vector<int> values) {
  std::vector<std::shared_ptr<Number>> numbers;
  for (const int value : values) numbers.push_back(std::make_shared<Number>(value));
  return numbers;
}

TEST(InferenceLanes, RequestsThatComeTogetherShareARun) {
  const Doubler task(16);
  InferenceLanes lanes(WithLanes(1, 10s));
  const auto numbers = Numbers({1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(InferAll(lanes.MakeQueue(task), numbers), 0);
  for (const auto& number : numbers) EXPECT_EQ(number->answer, 2 * number->value);
  EXPECT_EQ(task.batches(), (std::vector<std::size_t>{8}));
}

TEST(InferenceLanes, ALoneRequestDoesNotWait) {
  const Doubler task(16);
  InferenceLanes lanes(WithLanes(1, 10s));
  const auto start = Clock::now();
  EXPECT_EQ(InferAll(lanes.MakeQueue(task), Numbers({21})), 0);
  EXPECT_LT(Clock::now() - start, 2s);
}

TEST(InferenceLanes, WaitsForAnnouncedRequestsOnlySoLong) {
  const Doubler task(16);
  InferenceLanes lanes(WithLanes(1, 50ms));
  const auto queue = lanes.MakeQueue(task);
  const auto never_comes = queue->Announce();
  const auto start = Clock::now();
  EXPECT_EQ(InferAll(queue, Numbers({1})), 0);
  EXPECT_GE(Clock::now() - start, 50ms);
}

TEST(InferenceLanes, AWithdrawnRequestIsNotWaitedFor) {
  const Doubler task(16);
  InferenceLanes lanes(WithLanes(1, 10s));
  const auto queue = lanes.MakeQueue(task);
  auto withdrawn = queue->Announce();
  std::jthread other([&withdrawn] {
    std::this_thread::sleep_for(20ms);
    withdrawn.Withdraw();
  });
  const auto start = Clock::now();
  EXPECT_EQ(InferAll(queue, Numbers({1})), 0);
  EXPECT_LT(Clock::now() - start, 5s);
}

TEST(InferenceLanes, RowsLimitABatch) {
  const Doubler task(4);
  InferenceLanes lanes(WithLanes(1, 10s));
  std::vector<std::shared_ptr<Number>> numbers;
  for (const std::size_t rows : {3u, 1u, 2u, 9u}) numbers.push_back(std::make_shared<Number>(1, rows));
  EXPECT_EQ(InferAll(lanes.MakeQueue(task), numbers), 0);
  const auto batches = task.batches();
  EXPECT_EQ(std::count(batches.begin(), batches.end(), 2u), 1);
  EXPECT_EQ(batches.size(), 3u);
}

TEST(InferenceLanes, OneBadRequestDoesNotSpoilTheOthers) {
  const Doubler task(16);
  InferenceLanes lanes(WithLanes(1, 10s));
  const auto numbers = Numbers({1, -1, 3});
  EXPECT_EQ(InferAll(lanes.MakeQueue(task), numbers), 1);
  EXPECT_EQ(numbers[0]->answer, 2);
  EXPECT_EQ(numbers[2]->answer, 6);
}

TEST(InferenceLanes, LanesRunSideBySide) {
  const Doubler task(1, 30ms);
  InferenceLanes lanes(WithLanes(2));
  EXPECT_EQ(InferAll(lanes.MakeQueue(task), Numbers({1, 2, 3, 4})), 0);
  EXPECT_EQ(task.most_at_once(), 2);
}

TEST(InferenceLanes, TellsWhenAGraphIsStuck) {
  const Doubler task(1, 1500ms);
  std::atomic<int> stuck = 0;
  InferenceLanes::Options options = WithLanes(1);
  options.stuck_after = 1s;
  options.on_stuck = [&] { ++stuck; };
  InferenceLanes lanes(std::move(options));
  EXPECT_EQ(InferAll(lanes.MakeQueue(task), Numbers({1})), 0);
  EXPECT_EQ(stuck, 1);
}

TEST(InferenceLanes, EndsWithRequestsWaiting) {
  const Doubler task(1, 50ms);
  auto lanes = std::make_unique<InferenceLanes>(WithLanes(1));
  const auto queue = lanes->MakeQueue(task);
  RunToCompletion([&]() -> Task<void> {
    auto one = [](std::shared_ptr<InferenceLanes::Queue> target) -> Task<void> {
      auto ticket = target->Announce();
      co_await target->Infer(std::move(ticket), std::make_shared<Number>(1));
    };
    const auto executor = co_await boost::asio::this_coro::executor;
    for (int i = 0; i < 5; ++i) Spawn(executor, "one", one(queue));
    while (lanes->waiting() < 3) co_await SleepFor(1ms);
    lanes.reset();
  });
}

}  // namespace
}  // namespace immich::ml
