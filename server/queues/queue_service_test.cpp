#include "server/queues/queue_service.hpp"

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include "api/codec/contract_writer.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"
#include "platform/queue/job_queue.hpp"
#include "platform/redis/redis_client.hpp"
#include "platform/testing/redis_test_server.hpp"
#include "server/core/job_sink.hpp"
#include "server/queues/queue_commands.hpp"
#include "server/queues/queue_dto.hpp"

namespace immich::queues {
namespace {

using api::QueueName;

/// Puts everything into one queue, whatever its name.
class OneQueueSink : public JobSink {
 public:
  OneQueueSink(queue::JobQueue& queues, std::string name) : queues_(queues), name_(std::move(name)) {}
  Task<void> Enqueue(std::vector<Request> requests) override {
    for (Request& request : requests) {
      queue::NewJob job{name_, std::string(request.name), std::move(request.data), std::move(request.options)};
      co_await queues_.Add(std::move(job));
    }
  }

 private:
  queue::JobQueue& queues_;
  std::string name_;
};

class QueueServiceTest : public ::testing::Test {
 protected:
  struct Parts {
    redis::Client& redis;
    queue::JobQueue& queues;
    QueueService& service;
  };

  void With(const std::function<Task<void>(Parts)>& body) {
    RunToCompletion([&]() -> Task<void> {
      redis::Options options;
      options.socket_path = server_.socket_path();
      redis::Client redis(co_await boost::asio::this_coro::executor, options);
      queue::JobQueue queues(redis);
      OneQueueSink sink(queues, "metadataExtraction");
      QueueService service(queues, sink);
      Parts parts{redis, queues, service};
      co_await body(parts);
      redis.Close();
    });
  }

 private:
  testing::RedisTestServer server_;
};

Task<std::string> Refusal(Task<void> command) {
  std::string message;
  try {
    co_await std::move(command);
  } catch (const BadRequest& error) {
    message = error.what();
  }
  co_return message;
}

TEST_F(QueueServiceTest, ListsEveryQueueInBothShapes) {
  With([](Parts parts) -> Task<void> {
    co_await parts.service.RunCommand(QueueName::kMetadataExtraction, api::QueueCommand::kStart, std::nullopt);
    const std::vector<api::QueueResponseDto> list = co_await parts.service.List();
    EXPECT_EQ(list.size(), 19u);
    EXPECT_EQ(list[0].name, QueueName::kThumbnailGeneration);
    EXPECT_EQ(list[1].statistics.waiting, 1);
    const api::QueuesResponseLegacyDto legacy = ToLegacy(list);
    EXPECT_EQ(legacy.metadata_extraction.job_counts.waiting, 1);
    EXPECT_EQ(legacy.thumbnail_generation.job_counts.waiting, 0);
    EXPECT_FALSE(legacy.metadata_extraction.queue_status.is_active);
  });
}

TEST_F(QueueServiceTest, StartQueuesTheJobWithItsForce) {
  With([](Parts parts) -> Task<void> {
    co_await parts.service.RunCommand(QueueName::kMetadataExtraction, api::QueueCommand::kStart, true);
    std::vector<api::QueueJobStatus> waiting{api::QueueJobStatus::kWaiting};
    const auto jobs = co_await parts.service.ListJobs(QueueName::kMetadataExtraction, waiting);
    EXPECT_EQ(jobs.size(), 1u);
    if (jobs.empty()) co_return;
    EXPECT_EQ(jobs[0].name, api::JobName::kAssetExtractMetadataQueueAll);
    EXPECT_EQ(jobs[0].data.text, R"({"force":true})");
    EXPECT_TRUE(jobs[0].id.has_value());
    EXPECT_GT(jobs[0].timestamp, 1'600'000'000'000);
    EXPECT_NE(api::ToJson(jobs[0]).find(R"("data":{"force":true})"), std::string::npos);
  });
}

TEST_F(QueueServiceTest, QueuesWithoutAStartAreRefused) {
  With([](Parts parts) -> Task<void> {
    for (const QueueName name : {QueueName::kBackgroundTask, QueueName::kSearch, QueueName::kNotifications,
                                 QueueName::kWorkflow, QueueName::kIntegrityCheck, QueueName::kEditor}) {
      EXPECT_NE(co_await Refusal(parts.service.RunCommand(name, api::QueueCommand::kStart, std::nullopt)), "")
          << api::ToString(name);
    }
  });
}

TEST_F(QueueServiceTest, PauseAndResumeButNotTheBackgroundTasks) {
  With([](Parts parts) -> Task<void> {
    EXPECT_TRUE((co_await parts.service.Update(QueueName::kOcr, true)).is_paused);
    EXPECT_TRUE((co_await parts.service.Update(QueueName::kOcr, std::nullopt)).is_paused);
    EXPECT_FALSE((co_await parts.service.Update(QueueName::kOcr, false)).is_paused);
    EXPECT_EQ(
        co_await Refusal(parts.service.RunCommand(QueueName::kBackgroundTask, api::QueueCommand::kPause, std::nullopt)),
        "The backgroundTask queue cannot be paused");
    EXPECT_FALSE((co_await parts.service.Get(QueueName::kBackgroundTask)).is_paused);
  });
}

TEST_F(QueueServiceTest, EmptyDropsWaitingJobs) {
  With([](Parts parts) -> Task<void> {
    co_await parts.service.RunManualJob(api::ManualJobName::kTagCleanup);
    co_await parts.service.RunManualJob(api::ManualJobName::kPersonCleanup);
    EXPECT_EQ((co_await parts.service.ListJobs(QueueName::kMetadataExtraction, std::nullopt)).size(), 2u);
    co_await parts.service.Empty(QueueName::kMetadataExtraction, true);
    EXPECT_EQ((co_await parts.service.ListJobs(QueueName::kMetadataExtraction, std::nullopt)).size(), 0u);
  });
}

TEST_F(QueueServiceTest, ABackupWaitsOnce) {
  With([](Parts parts) -> Task<void> {
    co_await parts.service.RunManualJob(api::ManualJobName::kBackupDatabase);
    co_await parts.service.RunManualJob(api::ManualJobName::kBackupDatabase);
    EXPECT_EQ((co_await parts.service.Get(QueueName::kMetadataExtraction)).statistics.waiting, 1);
  });
}

TEST_F(QueueServiceTest, JobsOfUnknownNamesAreNotListed) {
  With([](Parts parts) -> Task<void> {
    queue::NewJob job{"ocr", "SomethingElse", "{}", {}};
    co_await parts.queues.Add(std::move(job));
    EXPECT_EQ((co_await parts.service.ListJobs(QueueName::kOcr, std::nullopt)).size(), 0u);
    EXPECT_EQ((co_await parts.service.Get(QueueName::kOcr)).statistics.waiting, 1);
  });
}

TEST(ManualJob, EveryNameMeansAJob) {
  for (std::size_t i = 0; i < api::EnumSize<api::ManualJobName>(); ++i) {
    const JobSink::Request request = ManualJob(static_cast<api::ManualJobName>(i));
    EXPECT_TRUE(api::ParseEnum<api::JobName>(request.name).has_value()) << i;
  }
}

}  // namespace
}  // namespace immich::queues
