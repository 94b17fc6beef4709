#include "server/people/facial_recognition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "platform/async/event_loop.hpp"
#include "server/people/testing/people_rig.hpp"

namespace immich::people {
namespace {

using immich::testing::QueryNumber;
using immich::testing::QueryText;
using ::testing::ElementsAre;

TEST(FacialRecognitionTest, EnoughFacesAlikeMakeAPerson) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    for (const double degrees : {0.0, 5.0, 10.0, 90.0}) co_await rig.AddFace(degrees);
    co_await rig.RecognizeAll();
    EXPECT_EQ(co_await rig.Count("person"), 1);
    EXPECT_EQ(co_await rig.Count(R"(asset_face WHERE "personId" IS NOT NULL)"), 3);
    EXPECT_EQ(co_await rig.Count(R"(person p JOIN asset_face f ON f.id = p."faceAssetId" AND f."personId" = p.id)"), 1);
  });
}

TEST(FacialRecognitionTest, FewerWaitAndAreFoundLater) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    co_await rig.AddFace(0);
    const FaceId second = co_await rig.AddFace(5);
    rig.rig.jobs.queued.clear();
    EXPECT_EQ((co_await rig.recognition.Recognize(second, false)).status, queue::JobStatus::kSkipped);
    EXPECT_THAT(rig.rig.jobs.Names(), ElementsAre("FacialRecognition"));
    EXPECT_EQ(rig.rig.jobs.queued[0].data, fmt::format(R"({{"id":"{}","deferred":true}})", second.ToString()));
    EXPECT_EQ((co_await rig.recognition.Recognize(second, true)).status, queue::JobStatus::kSkipped);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 1);
    EXPECT_EQ(co_await rig.Count("person"), 0);
    co_await rig.AddFace(10);
    rig.rig.jobs.queued.clear();
    co_await rig.recognition.QueueAll(false, false);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 3);
    co_await rig.RecognizeAll();
    EXPECT_EQ(co_await rig.Count(R"(asset_face WHERE "personId" IS NOT NULL)"), 3);
  });
}

TEST(FacialRecognitionTest, AStragglerJoinsAPersonNearby) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    for (const double degrees : {0.0, 5.0, 10.0}) co_await rig.AddFace(degrees);
    co_await rig.RecognizeAll();
    co_await rig.AddFace(45);
    co_await rig.RecognizeAll();
    EXPECT_EQ(co_await rig.Count("person"), 1);
    EXPECT_EQ(co_await rig.Count(R"(asset_face WHERE "personId" IS NOT NULL)"), 4);
  });
}

TEST(FacialRecognitionTest, ArchivedFacesMakeNoPersonAndNobodyIsSeenBeforeBirth) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    for (const double degrees : {0.0, 5.0, 10.0}) co_await rig.AddFace(degrees);
    co_await rig.rig.db.RunScript("UPDATE asset SET visibility = 'archive'");
    co_await rig.RecognizeAll();
    EXPECT_EQ(co_await rig.Count("person"), 0);
    co_await rig.rig.db.RunScript("UPDATE asset SET visibility = 'timeline'");
    co_await rig.recognition.QueueAll(false, false);
    co_await rig.RecognizeAll();
    EXPECT_EQ(co_await rig.Count("person"), 1);
    // The pictures are of 2020.
    co_await rig.rig.db.RunScript(R"(UPDATE person SET "birthDate" = '2021-01-01')");
    co_await rig.AddFace(3);
    co_await rig.RecognizeAll();
    EXPECT_EQ(co_await rig.Count(R"(asset_face WHERE "personId" IS NULL)"), 1);
  });
}

TEST(FacialRecognitionTest, WorkersAtTheSameTimeMakeOnePerson) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    std::vector<FaceId> faces;
    for (int i = 0; i < 8; ++i) faces.push_back(co_await rig.AddFace(i));
    auto running = std::make_shared<std::size_t>(faces.size());
    for (const FaceId& face : faces) {
      const auto recognize = [](PeopleRig& on, FaceId id, std::shared_ptr<std::size_t> left) -> Task<void> {
        co_await on.recognition.Recognize(id, false);
        --*left;
      };
      Spawn(rig.rig.db.executor(), "recognition", recognize(rig, face, running));
    }
    for (int i = 0; i < 1000 && *running > 0; ++i) co_await SleepFor(std::chrono::milliseconds(10));
    EXPECT_EQ(*running, 0);
    EXPECT_EQ(co_await rig.Count("person"), 1);
    EXPECT_EQ(co_await rig.Count(R"(asset_face WHERE "personId" IS NOT NULL)"), 8);
  });
}

TEST(FacialRecognitionTest, ForceStartsOverAndNightlyRunsWhenThereIsSomething) {
  WithPeople([](PeopleRig& rig) -> Task<void> {
    for (const double degrees : {0.0, 5.0, 10.0}) co_await rig.AddFace(degrees);
    co_await rig.RecognizeAll();
    co_await rig.recognition.QueueAll(true, false);
    EXPECT_EQ(co_await rig.Count("person"), 0);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 3);
    rig.rig.jobs.queued.clear();
    EXPECT_EQ((co_await rig.recognition.QueueAll(false, true)).status, queue::JobStatus::kSkipped);
    co_await rig.AddFace(80);
    rig.rig.jobs.queued.clear();
    EXPECT_EQ((co_await rig.recognition.QueueAll(false, true)).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(rig.rig.jobs.queued.size(), 4);
    EXPECT_EQ(
        co_await QueryNumber(rig.rig.db, "SELECT count(*) FROM system_metadata WHERE key = 'facial-recognition-state'"),
        1);
  });
}

}  // namespace
}  // namespace immich::people
