#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "db/testing/query_value.hpp"
#include "platform/error/error.hpp"
#include "server/core/testing/fake_ml.hpp"
#include "server/core/testing/library_rows.hpp"
#include "server/core/testing/worker_rig.hpp"
#include "server/duplicates/duplicate_detection.hpp"
#include "server/duplicates/duplicate_service.hpp"
#include "server/duplicates/group_merge.hpp"

namespace immich::duplicates {
namespace {

using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::SignedIn;
using immich::testing::VectorLiteral;
using immich::testing::WorkerRig;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Rig {
  explicit Rig(WorkerRig& worker_rig) : rig(worker_rig), auth(SignedIn(worker_rig.owner)) {}
  /// An asset that looks like `degrees`; less than 8 degrees apart count as alike.
  Task<AssetId> Add(double degrees, std::string type = "IMAGE") {
    const AssetId id = co_await rig.AddAsset("/data/a.jpg", std::move(type));
    const double radians = degrees * 3.14159265358979 / 180;
    co_await rig.db.RunScript(fmt::format("INSERT INTO smart_search VALUES ('{}', '{}')", id.ToString(),
                                          VectorLiteral({std::cos(radians), std::sin(radians)})));
    co_return id;
  }
  Task<std::int64_t> Groups() { return QueryNumber(rig.db, R"(SELECT count(DISTINCT "duplicateId") FROM asset)"); }
  Task<std::int64_t> Grouped() {
    return QueryNumber(rig.db, R"(SELECT count(*) FROM asset WHERE "duplicateId" IS NOT NULL)");
  }

  WorkerRig& rig;
  AuthContext auth;
  DuplicateDetection detection{rig.db, rig.jobs, rig.config};
  DuplicateService service{rig.db, rig.config, rig.jobs, rig.events};
};

void WithRig(const std::function<Task<void>(Rig&)>& body) {
  immich::testing::WithWorkerRig([&](WorkerRig& worker_rig) -> Task<void> {
    Rig rig(worker_rig);
    co_await body(rig);
  });
}

TEST(DuplicateDetectionTest, GroupsWhatLooksAlike) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId first = co_await rig.Add(0);
    const AssetId second = co_await rig.Add(3);
    co_await rig.Add(40);
    co_await rig.Add(0, "VIDEO");
    EXPECT_EQ((co_await rig.detection.Detect(first)).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await rig.Groups(), 1);
    EXPECT_EQ(co_await rig.Grouped(), 2);
    co_await rig.detection.QueueAll(false);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 2);
    // The other one is gone: the group ends with the next look.
    co_await rig.rig.db.RunScript(
        fmt::format(R"(UPDATE asset SET visibility = 'locked' WHERE id = '{}')", second.ToString()));
    EXPECT_EQ((co_await rig.detection.Detect(second)).status, queue::JobStatus::kSkipped);
    co_await rig.detection.Detect(first);
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, fmt::format(R"(SELECT count(*) FROM asset WHERE id = '{}'
      AND "duplicateId" IS NULL)",
                                                           first.ToString())),
              1);
  });
}

TEST(DuplicateDetectionTest, GroupsThatTouchAreMerged) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId left = co_await rig.Add(0);
    co_await rig.Add(4);
    co_await rig.detection.Detect(left);
    const AssetId right = co_await rig.Add(14);
    co_await rig.Add(18);
    co_await rig.detection.Detect(right);
    EXPECT_EQ(co_await rig.Groups(), 2);
    co_await rig.detection.Detect(co_await rig.Add(9));
    EXPECT_EQ(co_await rig.Groups(), 1);
    EXPECT_EQ(co_await rig.Grouped(), 5);
  });
}

TEST(DuplicateDetectionTest, FailsWithoutAVector) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId bare = co_await rig.rig.AddAsset("/data/a.jpg");
    bool failed = false;
    try {
      co_await rig.detection.Detect(bare);
    } catch (const InternalError&) {
      failed = true;
    }
    EXPECT_TRUE(failed);
  });
}

TEST(DuplicateServiceTest, ListsGroupsAndSuggestsTheLargest) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId small = co_await rig.Add(0);
    const AssetId large = co_await rig.Add(1);
    co_await rig.detection.Detect(small);
    co_await rig.rig.db.RunScript(
        fmt::format(R"(UPDATE asset_exif SET "fileSizeInByte" = 5000 WHERE "assetId" = '{}')", large.ToString()));
    const auto groups = co_await rig.service.List(rig.auth);
    EXPECT_EQ(groups.size(), 1);
    if (groups.empty()) co_return;
    EXPECT_EQ(groups[0].assets.size(), 2);
    EXPECT_THAT(groups[0].suggested_keep_asset_ids, ElementsAre(large.value));
    std::string refusal;
    try {
      co_await rig.service.Dismiss(SignedIn(UserId::Random()), {groups[0].duplicate_id});
    } catch (const BadRequest& error) {
      refusal = error.what();
    }
    EXPECT_EQ(refusal, "Not found or no duplicate.delete access");
    co_await rig.service.Dismiss(rig.auth, {groups[0].duplicate_id});
    EXPECT_THAT(co_await rig.service.List(rig.auth), IsEmpty());
    co_await rig.detection.Detect(small);
    co_await rig.rig.db.RunScript(
        fmt::format(R"(UPDATE asset SET "deletedAt" = now() WHERE id = '{}')", large.ToString()));
    EXPECT_THAT(co_await rig.service.List(rig.auth), IsEmpty());
  });
}

TEST(DuplicateServiceTest, ResolvingKeepsWhatTheOthersHad) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId kept = co_await rig.Add(0);
    const AssetId other = co_await rig.Add(1);
    co_await rig.detection.Detect(kept);
    co_await rig.rig.db.RunScript(fmt::format(
        R"(UPDATE asset SET "isFavorite" = true WHERE id = '{0}';
           UPDATE asset_exif SET description = 'At the sea', rating = 4, latitude = 1, longitude = 2 WHERE "assetId" = '{0}';
           INSERT INTO album (id, "albumName") VALUES ('22222222-2222-4222-8222-222222222222', 'A');
           INSERT INTO album_asset ("albumId", "assetId") VALUES ('22222222-2222-4222-8222-222222222222', '{0}'))",
        other.ToString()));
    const auto groups = co_await rig.service.List(rig.auth);
    EXPECT_EQ(groups.size(), 1);
    if (groups.empty()) co_return;
    api::DuplicateResolveDto request;
    request.groups.resize(3);
    request.groups[0].duplicate_id = Uuid::Random();
    request.groups[1].duplicate_id = groups[0].duplicate_id;
    request.groups[1].keep_asset_ids = {kept.value};
    request.groups[2] = request.groups[1];
    request.groups[2].trash_asset_ids = {other.value};
    rig.rig.jobs.queued.clear();
    const auto outcomes = co_await rig.service.Resolve(rig.auth, request);
    EXPECT_EQ(outcomes[0].error, api::BulkIdErrorReason::kNotFound);
    EXPECT_EQ(outcomes[1].error, api::BulkIdErrorReason::kValidation);
    EXPECT_TRUE(outcomes[2].success);
    EXPECT_EQ(
        co_await QueryText(rig.rig.db, fmt::format(R"(SELECT concat_ws(' ', a."isFavorite", a."duplicateId" IS NULL,
      e.description, e.rating, e.latitude, array_length(e."lockedProperties", 1), (SELECT count(*) FROM album_asset))
      FROM asset a JOIN asset_exif e ON e."assetId" = a.id WHERE a.id = '{}')",
                                                   kept.ToString())),
        "t t At the sea 4 1 4 2");
    EXPECT_EQ(co_await QueryText(rig.rig.db, "SELECT status::text FROM asset WHERE id = '" + other.ToString() + "'"),
              "trashed");
    EXPECT_THAT(rig.rig.jobs.Names(), ElementsAre("SidecarWrite"));
  });
}

TEST(GroupMergeTest, TakesTheMostOfEverything) {
  GroupMember a, b;
  a.visibility = "archive";
  a.rating = 2;
  a.description = "one\ntwo";
  b.is_favorite = true;
  b.rating = 5;
  b.description = "two\nthree";
  b.latitude = 1;
  b.longitude = 2;
  const MergedFacts merged = MergeFacts({a, b});
  EXPECT_TRUE(merged.is_favorite);
  EXPECT_EQ(merged.visibility, "archive");
  EXPECT_EQ(merged.rating, 5);
  EXPECT_EQ(merged.description, "one\ntwo\nthree");
  EXPECT_EQ(merged.latitude, 1);
  a.latitude = 3;
  a.longitude = 4;
  EXPECT_EQ(MergeFacts({a, b}).latitude, std::nullopt);
}

TEST(GroupMergeTest, SizeBeforeFacts) {
  const Uuid big = Uuid::Random(), known = Uuid::Random();
  EXPECT_EQ(SuggestKeeper({{known, 10, 9}, {big, 20, 1}}), big);
  EXPECT_EQ(SuggestKeeper({{known, 10, 9}, {big, 10, 1}}), known);
}

}  // namespace
}  // namespace immich::duplicates
