#include "platform/queue/queue_worker.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/log/log.hpp"
#include "platform/queue/testing/queue_test_bench.hpp"

namespace immich::queue {
namespace {

using QueueWorkerTest = QueueTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

TEST_F(QueueWorkerTest, RunsJobsSoonAfterTheyAreAdded) {
  WithBench([](QueueBench bench) -> Task<void> {
    Job seen;
    int observed = 0;
    QueueWorker worker(
        bench.runtime, WorkerOf(),
        [&](const Job& job) -> Task<JobStatus> {
          seen = job;
          co_return JobStatus::kSkipped;
        },
        [&](const Job& job, JobStatus status, std::chrono::microseconds) {
          EXPECT_EQ(job.name, "AssetGenerateThumbnails");
          EXPECT_EQ(status, JobStatus::kSkipped);
          ++observed;
        });
    worker.Start();
    co_await SleepFor(milliseconds(100));
    NewJob job = MakeJob("AssetGenerateThumbnails");
    job.data = R"({"id":"a\u0000ü"})";
    const auto start = Clock::now();
    co_await bench.jobs.Add(job);
    EXPECT_TRUE(co_await Eventually([&] { return observed == 1; }));
    EXPECT_LT(Clock::now() - start, milliseconds(100));
    EXPECT_EQ(seen.data, job.data);
    EXPECT_EQ(seen.queue, kQueue);
    EXPECT_EQ(seen.id, "1");
    EXPECT_EQ(seen.delivery, 1);
    const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(counts.waiting + counts.active + counts.failed + counts.completed, 0);
  });
}

TEST_F(QueueWorkerTest, ConcurrencyIsKeptAndChangesLive) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder recorder;
    recorder.duration = milliseconds(20);
    QueueWorker worker(bench.runtime, WorkerOf(2), recorder.Handler());
    worker.Start();
    std::vector<NewJob> many;
    for (int i = 0; i < 60; ++i) many.push_back(MakeJob("x"));
    co_await bench.jobs.AddAll(std::move(many));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() >= 10; }));
    EXPECT_EQ(recorder.most_running, 2U);
    const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
    EXPECT_LE(counts.active, 2);
    worker.SetConcurrency(5);
    EXPECT_TRUE(co_await Eventually([&] { return recorder.running == 5; }));
    worker.SetConcurrency(1);
    EXPECT_TRUE(co_await Eventually([&] { return recorder.running <= 1; }));
    recorder.most_running = 0;
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 60 && recorder.running == 0; }));
    EXPECT_LE(recorder.most_running, 1U);
  });
}

TEST_F(QueueWorkerTest, PriorityGoesFirst) {
  WithBench([](QueueBench bench) -> Task<void> {
    std::vector<NewJob> many = {MakeJob("a"), MakeJob("b"), MakeJob("urgent", {.priority = true})};
    co_await bench.jobs.AddAll(std::move(many));
    Recorder recorder;
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler());
    worker.Start();
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 3; }));
    EXPECT_THAT(recorder.names, ElementsAre("urgent", "a", "b"));
  });
}

TEST_F(QueueWorkerTest, DelayedJobsRunWhenDue) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder recorder;
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler());
    worker.Start();
    const auto start = Clock::now();
    std::vector<NewJob> many = {MakeJob("later", {.delay = milliseconds(300)}),
                                MakeJob("soon", {.delay = milliseconds(100)}), MakeJob("now")};
    co_await bench.jobs.AddAll(std::move(many));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 3; }));
    EXPECT_THAT(recorder.names, ElementsAre("now", "soon", "later"));
    EXPECT_GE(Clock::now() - start, milliseconds(295));
    EXPECT_LT(Clock::now() - start, milliseconds(800));
  });
}

TEST_F(QueueWorkerTest, PausedQueueTakesNothingUntilResumed) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder recorder;
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler());
    worker.Start();
    co_await bench.jobs.Pause(kQueue);
    co_await bench.jobs.Add(MakeJob("one"));
    co_await SleepFor(milliseconds(100));
    EXPECT_TRUE(recorder.names.empty());
    co_await bench.jobs.Resume(kQueue);
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 1; }));
  });
}

TEST_F(QueueWorkerTest, ExceptionsLandOnTheFailedList) {
  WithBench([](QueueBench bench) -> Task<void> {
    int observed = 0;
    QueueWorker worker(
        bench.runtime, WorkerOf(),
        [](const Job& job) -> Task<JobStatus> {
          if (job.name == "internal") throw InternalError("the detail");
          if (job.name == "plain") throw std::runtime_error("plain text");
          if (job.name == "status") co_return JobStatus::kFailed;
          co_return JobStatus::kSuccess;
        },
        [&](const Job&, JobStatus status, std::chrono::microseconds) { observed += status == JobStatus::kFailed; });
    worker.Start();
    std::vector<NewJob> many = {MakeJob("good"), MakeJob("internal", WithId("x")), MakeJob("plain"), MakeJob("status")};
    co_await bench.jobs.AddAll(std::move(many));
    EXPECT_TRUE(co_await Eventually([&] { return observed == 3; }));
    const std::vector<Job> failed = co_await bench.jobs.List(kQueue, JobState::kFailed);
    EXPECT_EQ(failed.size(), 2U);
    EXPECT_EQ(failed[0].failure, "plain text");
    EXPECT_EQ(failed[1].failure, "the detail");
    EXPECT_EQ(failed[1].id, "x");
    EXPECT_EQ(failed[1].delivery, 1);
    EXPECT_EQ((co_await bench.jobs.Counts(kQueue)).failed, 2);
    // Its id is free, so it does not come back by RetryFailed while the new one waits.
    co_await bench.jobs.Pause(kQueue);
    co_await bench.jobs.Add(MakeJob("internal", WithId("x")));
    EXPECT_EQ(co_await bench.jobs.RetryFailed(kQueue), 1);
    const QueueCounts retried = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(retried.failed, 0);
    EXPECT_EQ(retried.paused, 2);
    co_await bench.jobs.Resume(kQueue);
    EXPECT_TRUE(co_await Eventually([&] { return observed == 5; }));
    co_await bench.jobs.ClearFailed(kQueue);
    EXPECT_EQ((co_await bench.jobs.Counts(kQueue)).failed, 0);
    EXPECT_TRUE((co_await bench.jobs.List(kQueue, JobState::kFailed)).empty());
  });
}

TEST_F(QueueWorkerTest, StrangeEntriesAndFailingObserversDoNotStopTheWorker) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder recorder;
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler(),
                       [](const Job&, JobStatus, std::chrono::microseconds) { throw std::runtime_error("no"); });
    worker.Start();
    co_await bench.client.Run({"XADD", "immich_queue:{thumbnailGeneration}:stream", "*", "some", "thing"});
    co_await bench.jobs.Add(MakeJob("a"));
    co_await bench.jobs.Add(MakeJob("b"));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 2; }));
    co_await worker.Stop(milliseconds(1000));
    const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(counts.waiting + counts.active, 0);
  });
}

TEST_F(QueueWorkerTest, FailedListIsBoundedAndItsCountRight) {
  WithBench([](QueueBench bench) -> Task<void> {
    log::Configure({.level = log::Level::kFatal});
    int runs = 0;
    QueueWorker worker(bench.runtime, WorkerOf(50), [&](const Job&) -> Task<JobStatus> {
      ++runs;
      throw std::runtime_error("no");
      co_return JobStatus::kSuccess;
    });
    std::vector<NewJob> many;
    for (int i = 0; i < 10100; ++i) many.push_back(MakeJob(fmt::format("{}", i)));
    co_await bench.jobs.AddAll(std::move(many));
    worker.Start();
    EXPECT_TRUE(co_await Eventually([&] { return runs == 10100; }));
    co_await worker.Stop(milliseconds(5000));
    EXPECT_EQ((co_await bench.jobs.Counts(kQueue)).failed, 10100);
    const std::vector<Job> kept = co_await bench.jobs.List(kQueue, JobState::kFailed, 20000);
    EXPECT_EQ(kept.size(), 10000U);
    EXPECT_EQ(kept.front().name, "10099");
    EXPECT_EQ(kept.back().name, "100");
    EXPECT_EQ(co_await bench.jobs.RetryFailed(kQueue), 10000);
    const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(counts.failed, 0);
    EXPECT_EQ(counts.waiting, 10000);
    log::Configure({});
  });
}

TEST_F(QueueWorkerTest, StopWaitsForRunningJobs) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder recorder;
    recorder.duration = milliseconds(150);
    QueueWorker worker(bench.runtime, WorkerOf(2), recorder.Handler());
    worker.Start();
    std::vector<NewJob> many = {MakeJob("a"), MakeJob("b"), MakeJob("c")};
    co_await bench.jobs.AddAll(std::move(many));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.running == 2; }));
    co_await worker.Stop(milliseconds(5000));
    EXPECT_EQ(recorder.running, 0U);
    EXPECT_EQ(worker.running(), 0U);
    const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(counts.active, 0);
    EXPECT_EQ(counts.waiting, 1);
  });
}

TEST_F(QueueWorkerTest, StopGivesUnfinishedJobsBackWithoutCountingADelivery) {
  WithBench([](QueueBench bench) -> Task<void> {
    int started = 0, finished = 0;
    std::vector<int> deliveries;
    auto slow = [&](const Job& job) -> Task<JobStatus> {
      ++started;
      deliveries.push_back(job.delivery);
      co_await SleepFor(std::chrono::seconds(60));
      ++finished;
      co_return JobStatus::kSuccess;
    };
    co_await bench.jobs.Add(MakeJob("long", WithId("x")));
    co_await bench.jobs.Add(MakeJob("next"));
    for (int round = 1; round <= 4; ++round) {
      QueueRuntime runtime(bench.executor, bench.redis);
      QueueWorker worker(runtime, WorkerOf(), slow);
      worker.Start();
      EXPECT_TRUE(co_await Eventually([&] { return started == round; }));
      co_await worker.Stop(milliseconds(50));
      const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
      EXPECT_EQ(counts.active, 0);
      EXPECT_EQ(counts.waiting, 2);
    }
    EXPECT_EQ(finished, 0);
    EXPECT_THAT(deliveries, ElementsAre(1, 1, 1, 1));
    // It is still excluded by its id, and the first in line.
    co_await bench.jobs.Add(MakeJob("twice", WithId("x")));
    Recorder recorder;
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler());
    worker.Start();
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 2; }));
    EXPECT_THAT(recorder.names, ElementsAre("long", "next"));
  });
}

TEST_F(QueueWorkerTest, LeasesOfLongJobsAreRenewed) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder first, second;
    first.duration = second.duration = milliseconds(1200);
    QueueRuntime other(bench.executor, bench.redis);
    QueueWorker worker(bench.runtime, WorkerOf(1, milliseconds(300)), first.Handler());
    QueueWorker rival(other, WorkerOf(1, milliseconds(300)), second.Handler());
    worker.Start();
    co_await bench.jobs.Add(MakeJob("long"));
    EXPECT_TRUE(co_await Eventually([&] { return first.running == 1; }));
    rival.Start();
    EXPECT_TRUE(co_await Eventually([&] { return first.running == 0; }));
    EXPECT_EQ(first.names.size(), 1U);
    EXPECT_TRUE(second.names.empty());
  });
}

TEST_F(QueueWorkerTest, WorkersShareTwoConnectionsPerProcess) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder recorder;
    std::vector<std::unique_ptr<QueueWorker>> workers;
    for (int i = 0; i < 19; ++i) {
      WorkerOptions options = WorkerOf();
      options.queue = fmt::format("queue{}", i);
      workers.push_back(std::make_unique<QueueWorker>(bench.runtime, options, recorder.Handler()));
      workers.back()->Start();
    }
    for (int i = 0; i < 19; ++i) {
      NewJob job = MakeJob("x");
      job.queue = fmt::format("queue{}", i);
      co_await bench.jobs.Add(std::move(job));
    }
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 19; }));
    const redis::Reply clients = co_await bench.client.Run({"INFO", "clients"});
    EXPECT_THAT(clients.text, HasSubstr("connected_clients:3\r"));
    // Idle, the process is quiet.
    co_await SleepFor(milliseconds(100));
    const redis::Reply before = co_await bench.client.Run({"INFO", "stats"});
    co_await SleepFor(milliseconds(1000));
    const redis::Reply after = co_await bench.client.Run({"INFO", "stats"});
    const auto commands = [](const redis::Reply& reply) {
      return std::stol(reply.text.substr(reply.text.find("total_commands_processed:") + 25));
    };
    EXPECT_LE(commands(after) - commands(before), 5);
    WorkerOptions taken = WorkerOf();
    taken.queue = "queue0";
    QueueWorker second(bench.runtime, taken, recorder.Handler());
    EXPECT_THROW(second.Start(), InternalError);
  });
}

TEST_F(QueueWorkerTest, RedisRestartIsSurvived) {
  WithBench([this](QueueBench bench) -> Task<void> {
    Recorder recorder;
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler());
    worker.Start();
    co_await bench.jobs.Add(MakeJob("before"));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 1; }));
    server_.Kill();
    co_await SleepFor(milliseconds(600));
    server_.Start();
    co_await bench.jobs.Add(MakeJob("after"));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 2; }));
  });
}

TEST_F(QueueWorkerTest, OutcomeOfAJobThatEndsWhileRedisIsAwayIsStoredLater) {
  WithBench([this](QueueBench bench) -> Task<void> {
    int observed = 0;
    Recorder recorder;
    recorder.duration = milliseconds(200);
    QueueWorker worker(bench.runtime, WorkerOf(), recorder.Handler(),
                       [&](const Job&, JobStatus, std::chrono::microseconds) { ++observed; });
    worker.Start();
    co_await bench.jobs.Add(MakeJob("one"));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.running == 1; }));
    server_.Freeze();
    EXPECT_TRUE(co_await Eventually([&] { return recorder.running == 0; }));
    co_await SleepFor(milliseconds(2500));
    EXPECT_EQ(observed, 0);
    server_.Thaw();
    EXPECT_TRUE(co_await Eventually([&] { return observed == 1; }));
    const QueueCounts counts = co_await bench.jobs.Counts(kQueue);
    EXPECT_EQ(counts.active + counts.waiting, 0);
    EXPECT_EQ(recorder.names.size(), 1U);
  });
}

TEST_F(QueueWorkerTest, JobsWhoseDeliveryWasLostAreFound) {
  WithBench([](QueueBench bench) -> Task<void> {
    Recorder recorder;
    QueueWorker worker(bench.runtime, WorkerOf(1, milliseconds(600)), recorder.Handler());
    worker.Start();
    co_await bench.jobs.Add(MakeJob("first"));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 1; }));
    co_await worker.Stop(milliseconds(1000));
    // Delivered to a consumer that never heard of it.
    co_await bench.jobs.Add(MakeJob("lost"));
    co_await bench.client.Run(
        {"XREADGROUP", "GROUP", "workers", "ghost", "STREAMS", "immich_queue:{thumbnailGeneration}:stream", ">"});
    EXPECT_EQ((co_await bench.jobs.Counts(kQueue)).active, 1);
    worker.Start();
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 2; }));
    EXPECT_EQ(recorder.names[1], "lost");
  });
}

/// Runs a worker that never finishes its job, in a process of its own.
pid_t ForkWorker(const redis::Options& redis) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  RunToCompletion([&]() -> Task<void> {
    QueueRuntime runtime(co_await boost::asio::this_coro::executor, redis);
    QueueWorker worker(runtime, WorkerOf(1, milliseconds(400)), [](const Job&) -> Task<JobStatus> {
      co_await SleepFor(std::chrono::seconds(600));
      co_return JobStatus::kSuccess;
    });
    worker.Start();
    co_await SleepFor(std::chrono::seconds(600));
  });
  _exit(0);
}

TEST_F(QueueWorkerTest, JobsOfAKilledProcessComeBack) {
  const pid_t child = ForkWorker(RedisOptions());
  WithBench([&](QueueBench bench) -> Task<void> {
    co_await bench.jobs.Add(MakeJob("survivor", WithId("x")));
    QueueCounts counts;
    for (int i = 0; i < 500 && counts.active == 0; ++i) {
      co_await SleepFor(milliseconds(10));
      counts = co_await bench.jobs.Counts(kQueue);
    }
    EXPECT_EQ(counts.active, 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    int delivery = 0;
    QueueWorker worker(bench.runtime, WorkerOf(1, milliseconds(400)), [&](const Job& job) -> Task<JobStatus> {
      delivery = job.delivery;
      co_return JobStatus::kSuccess;
    });
    const auto start = Clock::now();
    worker.Start();
    EXPECT_TRUE(co_await Eventually([&] { return delivery > 0; }));
    EXPECT_EQ(delivery, 2);
    EXPECT_LT(Clock::now() - start, milliseconds(3000));
  });
}

TEST_F(QueueWorkerTest, JobThatKillsItsWorkersFailsAsStalled) {
  WithBench([](QueueBench bench) -> Task<void> {
    co_await bench.jobs.Add(MakeJob("deadly", WithId("x")));
    std::vector<int> deliveries;
    for (int i = 0; i < 2; ++i) {
      // A worker that takes the job and is never seen again: gone without Stop.
      auto runtime = std::make_unique<QueueRuntime>(bench.executor, bench.redis);
      auto worker = std::make_unique<QueueWorker>(*runtime, WorkerOf(1, milliseconds(200)),
                                                  [&](const Job& job) -> Task<JobStatus> {
                                                    deliveries.push_back(job.delivery);
                                                    co_await SleepFor(std::chrono::seconds(60));
                                                    co_return JobStatus::kSuccess;
                                                  });
      worker->Start();
      const std::size_t expected = static_cast<std::size_t>(i) + 1;
      EXPECT_TRUE(co_await Eventually([&] { return deliveries.size() == expected; }));
    }
    WorkerOptions last = WorkerOf(1, milliseconds(200));
    last.max_deliveries = 2;
    Recorder recorder;
    QueueWorker worker(bench.runtime, last, recorder.Handler());
    worker.Start();
    std::vector<Job> failed;
    for (int i = 0; i < 200 && failed.empty(); ++i) {
      co_await SleepFor(milliseconds(20));
      failed = co_await bench.jobs.List(kQueue, JobState::kFailed);
    }
    EXPECT_THAT(deliveries, ElementsAre(1, 2));
    EXPECT_TRUE(recorder.names.empty());
    EXPECT_EQ(failed.size(), 1U);
    EXPECT_EQ(failed.at(0).failure, "stalled");
    EXPECT_EQ(failed.at(0).delivery, 2);
    co_await bench.jobs.Add(MakeJob("its id is free", WithId("x")));
    EXPECT_TRUE(co_await Eventually([&] { return recorder.names.size() == 1; }));
  });
}

}  // namespace
}  // namespace immich::queue
