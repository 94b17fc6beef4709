#include "server/nightly.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "api/codec/json_text.hpp"
#include "db/testing/migrated_database.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/system_config.hpp"
#include "server/core/system_config_defaults.hpp"

namespace immich {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Names = std::vector<std::string>;

api::AdminConfigDto Defaults() {
  return api::FromJson<api::AdminConfigDto>(kSystemConfigDefaults);
}

TimePoint At(std::string_view text) {
  return ParseIso(text).value();
}

Names NamesOf(const std::vector<JobSink::Request>& requests) {
  Names names;
  for (const JobSink::Request& request : requests) names.emplace_back(request.name);
  return names;
}

class NightlyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const char* zone = std::getenv("TZ")) zone_before_ = zone;
    setenv("TZ", "UTC", 1);
    tzset();
  }
  void TearDown() override {
    zone_before_.empty() ? unsetenv("TZ") : setenv("TZ", zone_before_.c_str(), 1);
    tzset();
  }

 private:
  std::string zone_before_;
};

TEST_F(NightlyTest, MidnightBringsCleanUpAndScans) {
  const Names due = NamesOf(JobsDue(Defaults(), At("2024-03-01T23:59:50Z"), At("2024-03-02T00:00:10Z")));
  EXPECT_THAT(due, ElementsAre("AssetDeleteCheck", "UserDeleteCheck", "PersonCleanup", "MemoryCleanup",
                               "SessionCleanup", "HlsSessionCleanup", "AuditTableCleanup", "MemoryGenerate",
                               "UserSyncUsage", "AssetExtractMetadataQueueAll", "AssetGenerateThumbnailsQueueAll",
                               "FacialRecognitionQueueAll", "LibraryScanQueueAll"));
}

TEST_F(NightlyTest, TheRestComesAtItsOwnHour) {
  EXPECT_THAT(NamesOf(JobsDue(Defaults(), At("2024-03-01T01:59:50Z"), At("2024-03-01T02:00:00Z"))),
              ElementsAre("DatabaseBackup"));
  EXPECT_THAT(
      NamesOf(JobsDue(Defaults(), At("2024-03-01T02:59:50Z"), At("2024-03-01T03:00:00Z"))),
      ElementsAre("IntegrityMissingFilesQueueAll", "IntegrityUntrackedFilesQueueAll", "IntegrityChecksumFiles"));
  EXPECT_THAT(JobsDue(Defaults(), At("2024-03-01T02:00:00Z"), At("2024-03-01T02:59:59Z")), IsEmpty());
}

TEST_F(NightlyTest, SwitchesLeaveJobsOut) {
  api::AdminConfigDto config = Defaults();
  config.nightly_tasks = {};
  config.nightly_tasks.start_time = "04:30";
  config.library.scan.enabled = false;
  EXPECT_THAT(JobsDue(config, At("2024-03-01T23:59:50Z"), At("2024-03-02T00:00:10Z")), IsEmpty());
  EXPECT_THAT(NamesOf(JobsDue(config, At("2024-03-02T04:29:50Z"), At("2024-03-02T04:30:10Z"))),
              ElementsAre("AssetExtractMetadataQueueAll"));
}

TEST_F(NightlyTest, AMachineThatSleptRunsEachJobOnce) {
  const Names due = NamesOf(JobsDue(Defaults(), At("2024-03-01T23:59:50Z"), At("2024-03-05T12:00:00Z")));
  EXPECT_EQ(std::ranges::count(due, "DatabaseBackup"), 1);
  EXPECT_EQ(std::ranges::count(due, "UserSyncUsage"), 1);
}

TEST_F(NightlyTest, AnExpressionThatCannotBeReadStopsNothingElse) {
  api::AdminConfigDto config = Defaults();
  config.backup.database.cron_expression = "whenever";
  EXPECT_THAT(JobsDue(config, At("2024-03-01T01:59:50Z"), At("2024-03-01T02:00:00Z")), IsEmpty());
}

/// Notes what is queued; refuses when told to, as without Redis.
class RecordingSink : public JobSink {
 public:
  Task<void> Enqueue(std::vector<Request> requests) override {
    if (is_refusing) throw Unavailable("no Redis");
    for (const Request& request : requests) names.emplace_back(request.name);
    co_return;
  }
  Names names;
  bool is_refusing = false;
};

struct Keeper {
  Keeper(pg::Pool& pool, const SystemConfig& config)
      : nightly(pool.executor(), pool, config, sink, [](std::string_view name) { return name == "UserSyncUsage"; }) {}
  RecordingSink sink;
  Nightly nightly;
};

class NightlyServiceTest : public NightlyTest {
 protected:
  void With(const std::function<Task<void>(pg::Pool&, const SystemConfig&)>& body) {
    testing::WithPool(database_, [&](pg::Pool& pool) -> Task<void> {
      SystemConfig config(pool, SystemConfigOptions{});
      co_await body(pool, config);
    });
  }

 private:
  testing::MigratedDatabase database_;
};

TEST_F(NightlyServiceTest, OneProcessOfManyKeepsTheClock) {
  With([](pg::Pool& pool, const SystemConfig& config) -> Task<void> {
    Keeper second(pool, config);
    {
      Keeper first(pool, config);
      co_await first.nightly.Tick(At("2024-03-01T23:59:50Z"));
      co_await second.nightly.Tick(At("2024-03-01T23:59:50Z"));
      co_await first.nightly.Tick(At("2024-03-02T00:00:10Z"));
      co_await second.nightly.Tick(At("2024-03-02T00:00:10Z"));
      co_await first.nightly.Tick(At("2024-03-02T00:00:30Z"));
      EXPECT_THAT(first.sink.names, ElementsAre("UserSyncUsage"));
      EXPECT_THAT(second.sink.names, IsEmpty());
    }
    // PostgreSQL notices the end of a session a moment later.
    while (!second.nightly.is_keeper()) co_await second.nightly.Tick(At("2024-03-02T23:59:50Z"));
    co_await second.nightly.Tick(At("2024-03-03T00:00:10Z"));
    EXPECT_THAT(second.sink.names, ElementsAre("UserSyncUsage"));
  });
}

TEST_F(NightlyServiceTest, WhatCouldNotBeQueuedComesWithTheNextTick) {
  With([](pg::Pool& pool, const SystemConfig& config) -> Task<void> {
    Keeper keeper(pool, config);
    co_await keeper.nightly.Tick(At("2024-03-01T23:59:50Z"));
    keeper.sink.is_refusing = true;
    bool refused = false;
    try {
      co_await keeper.nightly.Tick(At("2024-03-02T00:00:10Z"));
    } catch (const Unavailable&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
    keeper.sink.is_refusing = false;
    co_await keeper.nightly.Tick(At("2024-03-02T00:00:30Z"));
    EXPECT_THAT(keeper.sink.names, ElementsAre("UserSyncUsage"));
  });
}

TEST_F(NightlyServiceTest, AClockSetBackDoesNotStallTheJobs) {
  With([](pg::Pool& pool, const SystemConfig& config) -> Task<void> {
    Keeper keeper(pool, config);
    co_await keeper.nightly.Tick(At("2024-03-01T23:59:50Z"));
    co_await keeper.nightly.Tick(At("2024-03-02T00:00:10Z"));
    co_await keeper.nightly.Tick(At("2024-02-01T22:00:00Z"));
    EXPECT_THAT(keeper.sink.names, ElementsAre("UserSyncUsage"));
    co_await keeper.nightly.Tick(At("2024-02-02T00:00:00Z"));
    EXPECT_THAT(keeper.sink.names, ElementsAre("UserSyncUsage", "UserSyncUsage"));
  });
}

}  // namespace
}  // namespace immich
