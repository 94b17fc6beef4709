#include "platform/queue/job_queue.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "platform/queue/testing/queue_test_bench.hpp"

namespace immich::queue {
namespace {

using JobQueueTest = QueueTest;
using ::testing::ElementsAre;
using Names = std::vector<std::string>;

Names NamesOf(const std::vector<Job>& jobs) {
  Names names;
  for (const Job& job : jobs) names.push_back(job.name);
  return names;
}

TEST_F(JobQueueTest, AddsAndCounts) {
  WithBench([](QueueBench bench) -> Task<void> {
    const QueueCounts empty = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(empty.waiting + empty.active + empty.failed + empty.delayed + empty.paused + empty.completed, 0);
    co_await bench.jobs.Add(MakeJob("one"));
    NewJob other = MakeJob("other");
    other.queue = "ocr";
    std::vector<NewJob> many = {MakeJob("two"), std::move(other), MakeJob("three", {.delay = milliseconds(60000)})};
    co_await bench.jobs.AddAll(std::move(many));
    const std::vector<std::string> queues = {kQueue, "ocr", "none"};
    const std::vector<QueueCounts> counts = co_await bench.jobs.CountsOf(queues);
    EXPECT_EQ(counts[0].waiting, 2);
    EXPECT_EQ(counts[0].delayed, 1);
    EXPECT_EQ(counts[1].waiting, 1);
    EXPECT_EQ(counts[2].waiting, 0);
  });
}

TEST_F(JobQueueTest, ManyJobsKeepTheirOrder) {
  WithBench([](QueueBench bench) -> Task<void> {
    std::vector<NewJob> many;
    Names expected;
    for (int i = 0; i < 2000; ++i) {
      many.push_back(MakeJob(fmt::format("job {}", i)));
      expected.push_back(many.back().name);
    }
    co_await bench.jobs.AddAll(std::move(many));
    Recorder recorder;
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler());
    worker.Start();
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 2000; }));
    EXPECT_EQ(recorder.names, expected);
  });
}

TEST_F(JobQueueTest, AnIdIsInTheQueueOnce) {
  WithBench([](QueueBench bench) -> Task<void> {
    co_await bench.jobs.Add(MakeJob("first", WithId("x")));
    co_await bench.jobs.Add(MakeJob("again", WithId("x")));
    JobOptions replace = WithId("x");
    replace.replace_delayed = true;
    co_await bench.jobs.Add(MakeJob("replaces only delayed ones", replace));
    co_await bench.jobs.Add(MakeJob("other", WithId("y")));
    const std::vector<Job> waiting = co_await bench.jobs.List(kQueue, JobState::kWaiting);
    EXPECT_THAT(NamesOf(waiting), ElementsAre("other", "first"));
    EXPECT_EQ(waiting[0].id, "y");
    EXPECT_EQ(waiting[0].data, "{}");
    EXPECT_EQ(waiting[0].queue, kQueue);
  });
}

TEST_F(JobQueueTest, AnIdIsFreeAgainAfterTheJob) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder recorder;
    recorder.duration = milliseconds(100);
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler());
    worker.Start();
    co_await bench.jobs.Add(MakeJob("first", WithId("x")));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.running == 1; }));
    co_await bench.jobs.Add(MakeJob("while active", WithId("x")));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.running == 0; }));
    co_await SleepFor(milliseconds(50));
    co_await bench.jobs.Add(MakeJob("after", WithId("x")));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 2; }));
    EXPECT_THAT(recorder.names, ElementsAre("first", "after"));
  });
}

TEST_F(JobQueueTest, DelayedJobsCanBeReplaced) {
  WithBench([](QueueBench bench) -> Task<void> {
    JobOptions later = WithId("x");
    later.delay = milliseconds(60000);
    co_await bench.jobs.Add(MakeJob("first", later));
    co_await bench.jobs.Add(MakeJob("ignored", later));
    EXPECT_THAT(NamesOf(co_await bench.jobs.List(kQueue, JobState::kDelayed)), ElementsAre("first"));
    later.replace_delayed = true;
    co_await bench.jobs.Add(MakeJob("replacement", later));
    EXPECT_THAT(NamesOf(co_await bench.jobs.List(kQueue, JobState::kDelayed)), ElementsAre("replacement"));
    later.delay = milliseconds(0);
    co_await bench.jobs.Add(MakeJob("at once", later));
    const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(counts.delayed, 0);
    EXPECT_EQ(counts.waiting, 1);
  });
}

TEST_F(JobQueueTest, PausedQueuesCountAndListTheirJobsAsPaused) {
  WithBench([](QueueBench bench) -> Task<void> {
    co_await bench.jobs.Pause(kQueue);
    co_await bench.jobs.Add(MakeJob("one"));
    EXPECT_TRUE(co_await bench.jobs.IsPaused(kQueue));
    const QueueCounts paused = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(paused.paused, 1);
    EXPECT_EQ(paused.waiting, 0);
    EXPECT_EQ((co_await bench.jobs.List(kQueue, JobState::kPaused)).size(), 1U);
    EXPECT_TRUE((co_await bench.jobs.List(kQueue, JobState::kWaiting)).empty());
    co_await bench.jobs.Resume(kQueue);
    EXPECT_FALSE(co_await bench.jobs.IsPaused(kQueue));
    const QueueCounts resumed = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(resumed.paused, 0);
    EXPECT_EQ(resumed.waiting, 1);
  });
}

TEST_F(JobQueueTest, EmptyRemovesWaitingAndDelayedButNotActive) {
  WithBench([](QueueBench bench) -> Task<void> {
    int started = 0;
    bool may_end = false;
    QueueWorker worker(bench.runtime, WorkerOf(), [&](const Job&) -> Task<JobStatus> {
      ++started;
      while (!may_end) co_await SleepFor(milliseconds(5));
      co_return JobStatus::kSuccess;
    });
    worker.Start();
    co_await bench.jobs.Add(MakeJob("active", WithId("active")));
    EXPECT_TRUE(co_await Eventually([&] { return started == 1; }));
    std::vector<NewJob> many;
    for (int i = 0; i < 3500; ++i) many.push_back(MakeJob("waiting", WithId(fmt::format("w{}", i))));
    many.push_back(MakeJob("ahead", {.priority = true}));
    many.push_back(MakeJob("later", {.job_id = "later", .delay = milliseconds(60000)}));
    co_await bench.jobs.AddAll(std::move(many));
    co_await bench.jobs.Empty(kQueue);
    const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(counts.waiting, 0);
    EXPECT_EQ(counts.delayed, 0);
    EXPECT_EQ(counts.active, 1);
    EXPECT_EQ(started, 1);
    // The ids are free, except that of the active job.
    std::vector<NewJob> again = {MakeJob("again", WithId("w7")), MakeJob("again", WithId("later")),
                                 MakeJob("again", WithId("active"))};
    co_await bench.jobs.AddAll(std::move(again));
    const QueueCounts after = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(after.waiting, 2);
    may_end = true;
    EXPECT_TRUE(co_await Eventually([&] { return started == 3; }));
  });
}

TEST_F(JobQueueTest, ListsAreNewestFirstAndLimited) {
  WithBench([](QueueBench bench) -> Task<void> {
    for (int i = 0; i < 5; ++i) {
      co_await bench.jobs.Add(MakeJob(fmt::format("{}", i), {.priority = i == 2}));
      co_await SleepFor(milliseconds(3));
    }
    EXPECT_THAT(NamesOf(co_await bench.jobs.List(kQueue, JobState::kWaiting)), ElementsAre("4", "3", "2", "1", "0"));
    EXPECT_THAT(NamesOf(co_await bench.jobs.List(kQueue, JobState::kWaiting, 2)), ElementsAre("4", "3"));
    EXPECT_TRUE((co_await bench.jobs.List(kQueue, JobState::kCompleted)).empty());
    Recorder recorder;
    recorder.duration = milliseconds(200);
    QueueWorker worker(bench.runtime, WorkerOf(2), recorder.Handler());
    worker.Start();
    EXPECT_TRUE(co_await Eventually([&] { return recorder.running == 2; }));
    const std::vector<Job> active = co_await bench.jobs.List(kQueue, JobState::kActive);
    EXPECT_THAT(NamesOf(active), ElementsAre("2", "0"));
    EXPECT_EQ(active[0].delivery, 1);
    EXPECT_LT(Now() - active[0].added_at, std::chrono::minutes(1));
  });
}

TEST_F(JobQueueTest, WithoutRedisAddIsUnavailable) {
  WithBench([this](QueueBench bench) -> Task<void> {
    server_.Kill();
    redis::Options options = RedisOptions();
    options.command_timeout = milliseconds(100);
    redis::Client client(bench.executor, options);
    JobQueue jobs(client);
    EXPECT_THROW(co_await jobs.Add(MakeJob("lost")), Unavailable);
  });
}

}  // namespace
}  // namespace immich::queue
