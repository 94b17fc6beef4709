#include "server/objects/object_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/testing/query_value.hpp"
#include "server/core/access.hpp"
#include "server/core/testing/fake_ml.hpp"
#include "server/core/testing/library_rows.hpp"
#include "server/core/testing/worker_rig.hpp"

namespace immich::objects {
namespace {

using immich::testing::FakeMl;
using immich::testing::QueryNumber;
using immich::testing::SignedIn;
using immich::testing::WorkerRig;
using ::testing::ElementsAre;

struct Rig {
  explicit Rig(WorkerRig& worker_rig) : rig(worker_rig) {
    ml->find_objects = [](const std::string&) {
      return ObjectReading{.image_width = 200,
                           .image_height = 100,
                           .objects = {{.label = "bicycle", .score = 0.6, .box = {20, 10, 60, 50}},
                                       {.label = "clock", .score = 0.9, .box = {150, -5, 250, 40}}}};
    };
  }
  Task<AssetId> Add() { return rig.AddAssetWithPreview(); }

  WorkerRig& rig;
  std::shared_ptr<FakeMl> ml = std::make_shared<FakeMl>();
  ObjectDetection detection{rig.db, rig.jobs, ml, "someone/coco"};
  Access access{rig.db};
  ObjectView view{rig.db, access};
};

void WithRig(const std::function<Task<void>(Rig&)>& body) {
  immich::testing::WithWorkerRig([&](WorkerRig& worker_rig) -> Task<void> {
    Rig rig(worker_rig);
    co_await body(rig);
  });
}

TEST(ObjectServiceTest, ReplacesWhatIsInAPicture) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ((co_await rig.detection.Detect(asset)).status, queue::JobStatus::kSuccess);
    }
    const auto things = co_await rig.view.List(SignedIn(rig.rig.owner), asset);
    EXPECT_EQ(things.size(), 2);
    if (things.size() != 2) co_return;
    EXPECT_EQ(things[0].label, "clock");
    EXPECT_NEAR(things[0].x1, 0.75, 1e-6);
    EXPECT_NEAR(things[0].x2, 1, 1e-6);
    EXPECT_NEAR(things[0].y1, 0, 1e-6);
    const auto labels = co_await rig.view.Labels(SignedIn(rig.rig.owner));
    EXPECT_EQ(labels.size(), 2);
    EXPECT_EQ(labels[0].assets, 1);
    EXPECT_TRUE((co_await rig.view.Labels(SignedIn(UserId::Random()))).empty());
    EXPECT_EQ(rig.ml->asked[0].first, "someone/coco");
  });
}

TEST(ObjectServiceTest, BoxesFollowTheEdits) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    co_await rig.rig.db.RunScript(fmt::format(
        R"(UPDATE asset_exif SET "exifImageWidth" = 2000, "exifImageHeight" = 1000;
           INSERT INTO asset_edit ("assetId", action, parameters, sequence)
           VALUES ('{}', 'crop', '{{"x":0,"y":0,"width":1000,"height":1000}}', 0))",
        asset.ToString()));
    co_await rig.detection.Detect(asset);
    const auto things = co_await rig.view.List(SignedIn(rig.rig.owner), asset);
    EXPECT_EQ(things.size(), 1);
    if (things.empty()) co_return;
    EXPECT_EQ(things[0].label, "bicycle");
    EXPECT_NEAR(things[0].x1, 0.2, 1e-6);
    EXPECT_NEAR(things[0].x2, 0.6, 1e-6);
    EXPECT_NEAR(things[0].y2, 0.5, 1e-6);
  });
}

TEST(ObjectServiceTest, QueuesWhatTheModelHasNotSeen) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId first = co_await rig.Add();
    co_await rig.Add();
    co_await rig.detection.Detect(first);
    co_await rig.detection.QueueAll(false);
    EXPECT_THAT(rig.rig.jobs.Names(), ElementsAre("AssetDetectObjects"));
    ObjectDetection other(rig.rig.db, rig.rig.jobs, rig.ml, "someone/better");
    co_await other.QueueAll(false);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 3);
    co_await rig.detection.QueueAll(true);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 5);
  });
}

}  // namespace
}  // namespace immich::objects
