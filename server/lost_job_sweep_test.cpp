#include "server/lost_job_sweep.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/testing/worker_rig.hpp"

namespace immich {
namespace {

using immich::testing::WithWorkerRig;
using immich::testing::WorkerRig;
using ::testing::ElementsAre;
using Names = std::vector<std::string>;
using namespace std::chrono_literals;

/// Late enough for assets that were made just now.
TimePoint Soon() {
  return Now() + 2min;
}

Task<void> MarkRead(pg::Pool& db, AssetId id) {
  co_await db.RunScript(fmt::format(
      R"(UPDATE asset_job_status SET "metadataExtractedAt" = now() WHERE "assetId" = '{}')", id.ToString()));
}

Task<void> MarkShown(pg::Pool& db, AssetId id) {
  co_await db.RunScript(fmt::format(R"(UPDATE asset SET thumbhash = '\x01' WHERE id = '{}')", id.ToString()));
}

TEST(LostJobSweepTest, QueuesTheJobAnAssetStoppedBefore) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    const AssetId unread = co_await rig.AddAsset("/a.jpg");
    const AssetId unseen = co_await rig.AddAsset("/b.jpg");
    co_await MarkRead(rig.db, unseen);
    const AssetId done = co_await rig.AddAsset("/c.jpg");
    co_await MarkRead(rig.db, done);
    co_await MarkShown(rig.db, done);
    LostJobSweep sweep(rig.db, rig.queues, rig.jobs);
    EXPECT_EQ(co_await sweep.Search(Now()), 0u) << "they may be on their way to the queue";
    EXPECT_EQ(co_await sweep.Search(Soon()), 2u);
    EXPECT_THAT(rig.jobs.Names(), ElementsAre("AssetExtractMetadata", "AssetGenerateThumbnails"));
    EXPECT_EQ(rig.jobs.queued[0].data, JobDataWithSource(unread.value, "upload"));
    EXPECT_EQ(rig.jobs.queued[1].options.job_id, unseen.ToString());
  });
}

TEST(LostJobSweepTest, LeavesTrashedOfflineAndHiddenOnesAlone) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    const AssetId trashed = co_await rig.AddAsset("/a.jpg");
    const AssetId offline = co_await rig.AddAsset("/b.jpg");
    const AssetId hidden = co_await rig.AddAsset("/c.mov", "VIDEO");
    co_await MarkRead(rig.db, hidden);
    co_await rig.db.RunScript(fmt::format(R"(UPDATE asset SET "deletedAt" = now() WHERE id = '{}';
                                             UPDATE asset SET "isOffline" = true WHERE id = '{}';
                                             UPDATE asset SET visibility = 'hidden' WHERE id = '{}')",
                                          trashed.ToString(), offline.ToString(), hidden.ToString()));
    LostJobSweep sweep(rig.db, rig.queues, rig.jobs);
    EXPECT_EQ(co_await sweep.Search(Soon()), 0u);
  });
}

TEST(LostJobSweepTest, WaitsWhileThereIsWork) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    co_await rig.AddAsset("/a.jpg");
    queue::NewJob waiting{"metadataExtraction", "AssetExtractMetadata", "{}", {}};
    co_await rig.queues.Add(std::move(waiting));
    LostJobSweep sweep(rig.db, rig.queues, rig.jobs);
    EXPECT_EQ(co_await sweep.Search(Soon()), std::nullopt);
    EXPECT_EQ(co_await sweep.Tick(Soon()), 0u);
    co_await rig.queues.Empty("metadataExtraction");
    EXPECT_EQ(co_await sweep.Tick(Soon()), 1u) << "a busy tick does not count";
  });
}

TEST(LostJobSweepTest, GivesUpAfterSomeTries) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    co_await rig.AddAsset("/broken.jpg");
    LostJobSweep sweep(rig.db, rig.queues, rig.jobs);
    EXPECT_EQ(co_await sweep.Search(Soon()), 1u);
    EXPECT_EQ(co_await sweep.Search(Soon()), 0u) << "the pause between tries";
    for (int i = 1; i < LostJobSweep::kTries; ++i) {
      co_await rig.db.RunScript("UPDATE plus.lost_job SET tried_at = tried_at - interval '30 minutes'");
      EXPECT_EQ(co_await sweep.Search(Soon()), 1u) << "try " << i + 1;
    }
    co_await rig.db.RunScript("UPDATE plus.lost_job SET tried_at = tried_at - interval '1 day'");
    EXPECT_EQ(co_await sweep.Search(Soon()), 0u);
  });
}

TEST(LostJobSweepTest, LooksAtTheWholeLibraryFirstAndAtNewAssetsLater) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    const AssetId old = co_await rig.AddAsset("/old.jpg");
    const std::string age = R"(UPDATE asset SET "createdAt" = now() - interval '3 days')";
    co_await rig.db.RunScript(age);
    LostJobSweep sweep(rig.db, rig.queues, rig.jobs);
    EXPECT_EQ(co_await sweep.Search(Soon()), 1u);
    co_await MarkRead(rig.db, old);
    co_await MarkShown(rig.db, old);
    EXPECT_EQ(co_await sweep.Search(Soon()), 0u);
    // Nothing can be lost of what was complete; the nightly tasks would find it nevertheless.
    co_await rig.AddAsset("/other.jpg");
    co_await rig.db.RunScript(age);
    EXPECT_EQ(co_await sweep.Search(Soon()), 0u);
    co_await rig.AddAsset("/new.jpg");
    EXPECT_EQ(co_await sweep.Search(Soon()), 1u);
  });
}

TEST(LostJobSweepTest, TicksOnceAMinute) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    co_await rig.AddAsset("/a.jpg");
    LostJobSweep sweep(rig.db, rig.queues, rig.jobs);
    const TimePoint start = Soon();
    EXPECT_EQ(co_await sweep.Tick(start), 1u);
    co_await rig.AddAsset("/b.jpg");
    EXPECT_EQ(co_await sweep.Tick(start + 59s), 0u);
    EXPECT_EQ(co_await sweep.Tick(start + 60s), 1u);
    co_await rig.AddAsset("/c.jpg");
    EXPECT_EQ(co_await sweep.Tick(start - 30s), 1u) << "after the clock was set back";
  });
}

}  // namespace
}  // namespace immich
