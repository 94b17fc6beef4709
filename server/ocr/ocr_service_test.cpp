#include "server/ocr/ocr_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/testing/query_value.hpp"
#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/testing/fake_ml.hpp"
#include "server/core/testing/library_rows.hpp"
#include "server/core/testing/worker_rig.hpp"

namespace immich::ocr {
namespace {

using immich::testing::FakeMl;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::WorkerRig;
using ::testing::ElementsAre;

FoundText Line(std::string text, double top) {
  return {.corners = {0.1, top, 0.9, top, 0.9, top + 0.1, 0.1, top + 0.1},
          .box_score = 0.9,
          .text_score = 0.95,
          .text = std::move(text)};
}

struct Rig {
  explicit Rig(WorkerRig& worker_rig) : rig(worker_rig) {}
  Task<AssetId> Add() { return rig.AddAssetWithPreview(); }
  Task<std::string> Words() { return QueryText(rig.db, "SELECT coalesce(string_agg(text, '|'), '') FROM ocr_search"); }

  WorkerRig& rig;
  std::shared_ptr<FakeMl> ml = std::make_shared<FakeMl>();
  OcrService service{rig.db, rig.jobs, rig.config, ml};
  Access access{rig.db};
  OcrView view{rig.db, access};
};

void WithRig(const std::function<Task<void>(Rig&)>& body) {
  immich::testing::WithWorkerRig([&](WorkerRig& worker_rig) -> Task<void> {
    Rig rig(worker_rig);
    co_await body(rig);
  });
}

TEST(OcrServiceTest, ReplacesTheLinesOfAPicture) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    rig.ml->read_text = [](const std::string&) { return std::vector{Line("Grand Central", 0.1), Line("東京駅", 0.5)}; };
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ((co_await rig.service.Read(asset)).status, queue::JobStatus::kSuccess);
    }
    EXPECT_EQ(co_await rig.Words(), "Grand Central 東京 京駅");
    const auto lines = co_await rig.view.List(immich::testing::SignedIn(rig.rig.owner), asset);
    EXPECT_EQ(lines.size(), 2);
    if (lines.size() != 2) co_return;
    EXPECT_EQ(lines[0].text, "Grand Central");
    EXPECT_NEAR(lines[1].y3, 0.6, 1e-6);
    EXPECT_NEAR(lines[1].text_score, 0.95, 1e-6);
    rig.ml->read_text = [](const std::string&) { return std::vector<FoundText>(); };
    co_await rig.service.Read(asset);
    EXPECT_EQ(co_await rig.Words(), "");
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, "SELECT count(*) FROM asset_ocr"), 0);
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, R"(SELECT count(*) FROM asset_job_status WHERE "ocrAt" IS NOT NULL)"),
              1);
  });
}

TEST(OcrServiceTest, LinesFollowTheEdits) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    co_await rig.rig.db.RunScript(fmt::format(
        R"(UPDATE asset_exif SET "exifImageWidth" = 1000, "exifImageHeight" = 1000;
           INSERT INTO asset_edit ("assetId", action, parameters, sequence)
           VALUES ('{}', 'crop', '{{"x":0,"y":0,"width":1000,"height":500}}', 0))",
        asset.ToString()));
    rig.ml->read_text = [](const std::string&) { return std::vector{Line("above", 0.1), Line("below", 0.7)}; };
    co_await rig.service.Read(asset);
    const auto lines = co_await rig.view.List(immich::testing::SignedIn(rig.rig.owner), asset);
    EXPECT_EQ(lines.size(), 1);
    if (lines.empty()) co_return;
    EXPECT_EQ(lines[0].text, "above");
    EXPECT_NEAR(lines[0].y1, 0.2, 1e-6);
    EXPECT_NEAR(lines[0].x2, 0.9, 1e-6);
  });
}

TEST(OcrServiceTest, StrangersSeeNothing) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await rig.Add();
    std::string refusal;
    try {
      co_await rig.view.List(immich::testing::SignedIn(UserId::Random()), asset);
    } catch (const BadRequest& error) {
      refusal = error.what();
    }
    EXPECT_EQ(refusal, "Not found or no asset.read access");
  });
}

TEST(OcrServiceTest, QueuesWhatIsMissingOrEverything) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId first = co_await rig.Add();
    const AssetId second = co_await rig.Add();
    rig.ml->read_text = [](const std::string&) { return std::vector{Line("word", 0.1)}; };
    co_await rig.service.Read(first);
    co_await rig.service.QueueAll(false);
    EXPECT_THAT(rig.rig.jobs.Names(), ElementsAre("Ocr"));
    EXPECT_EQ(rig.rig.jobs.queued[0].data, JobDataWithId(second.value));
    co_await rig.service.QueueAll(true);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 3);
    EXPECT_EQ(co_await rig.Words(), "");
  });
}

}  // namespace
}  // namespace immich::ocr
