#include "server/people/asset_face_detection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/error/error.hpp"
#include "server/people/testing/people_rig.hpp"

namespace immich::people {
namespace {

using immich::testing::QueryText;
using ::testing::ElementsAre;

TEST(FaceDetectionTest, StoresNewFacesOnceAndQueuesTheirRecognition) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    const AssetId asset = co_await rig.AddAsset();
    rig.ml->find_faces = [](const std::string&) {
      return FaceReading{
          .image_width = 100, .image_height = 80, .faces = {PeopleRig::FaceAt(0, 0), PeopleRig::FaceAt(50, 90)}};
    };
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ((co_await rig.detection.Detect(asset)).status, queue::JobStatus::kSuccess);
    }
    EXPECT_EQ(co_await rig.Count("asset_face"), 2);
    EXPECT_EQ(co_await rig.Count("face_search"), 2);
    EXPECT_EQ(co_await rig.Count(R"(asset_job_status WHERE "facesRecognizedAt" IS NOT NULL)"), 1);
    EXPECT_THAT(rig.rig.jobs.Names(),
                ElementsAre("FacialRecognitionQueueAll", "FacialRecognition", "FacialRecognition"));
    EXPECT_EQ(co_await QueryText(rig.rig.db, R"(SELECT concat_ws(' ', "boundingBoxX1", "boundingBoxY1",
      "boundingBoxX2", "boundingBoxY2", "imageWidth", "imageHeight", "sourceType") FROM asset_face
      ORDER BY "boundingBoxX1" DESC LIMIT 1)"),
              "50 10 70 30 100 80 machine-learning");
  });
}

TEST(FaceDetectionTest, LostFacesGoAndMarkedOnesGetAVector) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    const AssetId asset = co_await rig.AddAsset();
    rig.ml->find_faces = [](const std::string&) {
      return FaceReading{.image_width = 100, .image_height = 100, .faces = {PeopleRig::FaceAt(0, 0)}};
    };
    co_await rig.detection.Detect(asset);
    co_await rig.rig.db.RunScript(fmt::format(
        R"(INSERT INTO asset_face ("assetId", "imageWidth", "imageHeight", "boundingBoxX1", "boundingBoxY1",
           "boundingBoxX2", "boundingBoxY2", "sourceType") VALUES ('{}', 1000, 1000, 600, 100, 800, 300, 'exif'))",
        asset.ToString()));
    rig.ml->find_faces = [](const std::string&) {
      return FaceReading{.image_width = 100, .image_height = 100, .faces = {PeopleRig::FaceAt(60, 45)}};
    };
    co_await rig.detection.Detect(asset);
    EXPECT_EQ(co_await QueryText(rig.rig.db, R"(SELECT string_agg("sourceType"::text, ',') FROM asset_face)"), "exif");
    EXPECT_EQ(co_await rig.Count("face_search s JOIN asset_face f ON f.id = s.\"faceId\""), 1);
  });
}

TEST(FaceDetectionTest, AFaceTheUserTookAwayStaysAway) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    const AssetId asset = co_await rig.AddAsset();
    rig.ml->find_faces = [](const std::string&) {
      return FaceReading{.image_width = 100, .image_height = 100, .faces = {PeopleRig::FaceAt(0, 0)}};
    };
    co_await rig.detection.Detect(asset);
    co_await rig.rig.db.RunScript(R"(UPDATE asset_face SET "deletedAt" = now())");
    co_await rig.detection.Detect(asset);
    EXPECT_EQ(co_await rig.Count("asset_face"), 1);
  });
}

TEST(FaceDetectionTest, QueuesMissingRefreshedOrAll) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    co_await rig.AddFace(0);
    const AssetId fresh = co_await rig.AddAsset();
    rig.rig.jobs.queued.clear();
    co_await rig.detection.QueueAll(false);
    EXPECT_THAT(rig.rig.jobs.Names(), ElementsAre("AssetDetectFaces"));
    EXPECT_EQ(rig.rig.jobs.queued[0].data, JobDataWithId(fresh.value));
    rig.rig.jobs.queued.clear();
    co_await rig.detection.QueueAll(std::nullopt);
    EXPECT_THAT(rig.rig.jobs.Names(), ElementsAre("AssetDetectFaces", "AssetDetectFaces", "PersonCleanup"));
    EXPECT_EQ(co_await rig.Count("asset_face"), 1);
    rig.rig.jobs.queued.clear();
    co_await rig.detection.QueueAll(true);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 2);
    EXPECT_EQ(co_await rig.Count("asset_face"), 0);
  });
}

}  // namespace
}  // namespace immich::people
