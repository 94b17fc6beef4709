#include "server/assets/asset_purge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/assets/asset_removal.hpp"
#include "server/assets/testing/asset_rig.hpp"

namespace immich::assets {
namespace {

using immich::testing::AssetRig;
using immich::testing::Refusal;
using immich::testing::RunTogether;
using immich::testing::WithAssets;
using queue::JobStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// A library of one user, and what deletes from it.
struct Purging {
  explicit Purging(AssetRig& assets)
      : rig(assets),
        removal(rig.db, rig.access, rig.jobs, rig.events),
        purge(rig.db, rig.jobs, rig.events, rig.config) {}

  Task<AssetId> Add(std::string content, std::string name = "photo.jpg") {
    const AssetId id = co_await rig.Add(auth, std::move(content), std::move(name));
    rig.TakeJobs();
    co_return id;
  }
  Task<void> Remove(AssetId id, bool force = false) {
    std::vector<AssetId> ids{id};
    co_await removal.Remove(auth, std::move(ids), force);
  }
  Task<JobStatus> Delete(AssetId id, bool on_disk = true) {
    const JobResult result = co_await purge.Delete(DataOf(id, on_disk));
    co_return result.status;
  }
  Task<std::string> PathOf(AssetId id) {
    co_return co_await rig.Text(fmt::format(R"(SELECT "originalPath" FROM asset WHERE id = '{}')", id.ToString()));
  }
  Task<void> Set(AssetId id, std::string assignments) {
    co_await rig.Sql(fmt::format("UPDATE asset SET {} WHERE id = '{}'", assignments, id.ToString()));
  }
  Task<std::int64_t> Count() { co_return co_await rig.Number("SELECT count(*) FROM asset"); }
  static std::string DataOf(AssetId id, bool on_disk) {
    return fmt::format(R"({{"id":"{}","deleteOnDisk":{}}})", id.ToString(), on_disk);
  }

  AssetRig& rig;
  AuthContext auth;
  AssetRemoval removal;
  AssetPurge purge;
};

void WithPurging(const std::function<Task<void>(Purging&)>& body) {
  WithAssets([&](AssetRig& rig) -> Task<void> {
    Purging purging(rig);
    purging.auth = co_await rig.SignIn("a@example.com");
    co_await body(purging);
  });
}

TEST(AssetRemovalTest, TrashesOrMarksAllOrNone) {
  WithPurging([](Purging& test) -> Task<void> {
    const AssetId kept = co_await test.Add("kept"), trashed = co_await test.Add("trashed");
    const AssetId forced = co_await test.Add("forced");
    co_await test.Remove(trashed);
    EXPECT_THAT(test.rig.TakeJobs(), IsEmpty());
    co_await test.Remove(forced, true);
    EXPECT_THAT(test.rig.TakeJobs(), ElementsAre("AssetEmptyTrash {}"));
    co_await test.Remove(forced);
    EXPECT_EQ(
        co_await test.rig.Text(
            R"(SELECT string_agg(concat(status, ' ', "deletedAt" IS NOT NULL), ',' ORDER BY "originalPath" = '' , status) FROM asset)"),
        "active f,trashed t,deleted t")
        << "a forced deletion stays one";
    const AuthContext other = co_await test.rig.SignIn("b@example.com");
    const AssetId theirs = co_await test.rig.Add(other, "theirs");
    std::vector<AssetId> mixed{kept, theirs};
    EXPECT_EQ(co_await Refusal(test.removal.Remove(test.auth, std::move(mixed), true)),
              "400 Not found or no asset.delete access");
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT count(*) FROM asset WHERE "deletedAt" IS NULL)"), 2);
    EXPECT_EQ(co_await Refusal(test.removal.Remove(test.auth, {}, false)), "accepted");
  });
}

TEST(AssetPurgeTest, RemovesRowsFilesAndQuota) {
  WithPurging([](Purging& test) -> Task<void> {
    const AssetId gone = co_await test.Add("gone"), kept = co_await test.Add("kept!");
    const std::string kept_path = co_await test.PathOf(kept);
    for (const char* type : {"thumbnail", "preview", "sidecar", "encoded_video"}) {
      const std::string path = test.rig.MakeFile(fmt::format("made/{}", type));
      co_await test.rig.Sql(fmt::format(R"(INSERT INTO asset_file ("assetId", type, path) VALUES ('{}', '{}', '{}'))",
                                        gone.ToString(), type, path));
    }
    EXPECT_EQ(test.rig.Files().size(), 6);
    co_await test.Remove(gone, true);
    EXPECT_EQ(co_await test.Delete(gone), JobStatus::kSuccess);
    EXPECT_EQ(test.rig.Files(), std::set<std::string>{kept_path});
    EXPECT_EQ(co_await test.Count(), 1);
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT "quotaUsageInBytes" FROM "user")"), 5);
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT count(*) FROM asset_audit)"), 1) << "phones hear of it";
    EXPECT_EQ(co_await test.Delete(gone), JobStatus::kSkipped) << "a second run";
  });
}

TEST(AssetPurgeTest, SparesWhatCameBackFromTheTrash) {
  WithPurging([](Purging& test) -> Task<void> {
    const AssetId id = co_await test.Add("photo");
    EXPECT_EQ(co_await test.Delete(id), JobStatus::kSkipped) << "never deleted";
    co_await test.Remove(id);
    EXPECT_EQ(co_await test.Delete(id), JobStatus::kSkipped) << "just trashed";
    co_await test.Set(id, R"("deletedAt" = now() - interval '29 days 23 hours')");
    EXPECT_EQ(co_await test.Delete(id), JobStatus::kSkipped);
    EXPECT_EQ(test.rig.Files().size(), 1);
    co_await test.Set(id, R"("deletedAt" = now() - interval '31 days')");
    EXPECT_EQ(co_await test.Delete(id), JobStatus::kSuccess);
    EXPECT_EQ(test.rig.Files().size(), 0);
  });
}

TEST(AssetPurgeTest, QueuesWhatIsDueAndWhatWasLost) {
  WithPurging([](Purging& test) -> Task<void> {
    co_await test.Add("active");
    const AssetId due = co_await test.Add("due"), recent = co_await test.Add("recent"),
                  lost = co_await test.Add("lost");
    co_await test.Remove(due);
    co_await test.Remove(recent);
    co_await test.Remove(lost, true);
    co_await test.Set(due, R"("deletedAt" = now() - interval '31 days')");
    test.rig.TakeJobs();
    co_await test.purge.QueueMarked();
    EXPECT_THAT(test.rig.TakeJobs(), ElementsAre("AssetDelete " + Purging::DataOf(lost, true)));
    co_await test.purge.QueueDue();
    EXPECT_THAT(test.rig.TakeJobs(), UnorderedElementsAre("AssetDelete " + Purging::DataOf(lost, true),
                                                          "AssetDelete " + Purging::DataOf(due, true)));
    api::AdminConfigDto config = test.rig.config.current();
    config.trash.enabled = false;
    co_await test.rig.config.Save(config);
    co_await test.purge.QueueDue();
    EXPECT_EQ(test.rig.TakeJobs().size(), 3) << "without a trash everything in it is due";
  });
}

TEST(AssetPurgeTest, LeavesOriginalsOfLibrariesAlone) {
  WithPurging([](Purging& test) -> Task<void> {
    const AssetId removed = co_await test.Add("removed"), offline = co_await test.Add("offline");
    const AssetId orphan = co_await test.Add("orphan");
    const std::string library = "33333333-3333-4333-8333-333333333333";
    co_await test.rig.Sql(fmt::format(R"(INSERT INTO library (id, name, "ownerId", "importPaths", "exclusionPatterns")
        VALUES ('{}', 'l', '{}', '{{}}', '{{}}');
        UPDATE asset SET "libraryId" = '{}', "isExternal" = true)",
                                      library, test.auth.user.id.ToString(), library));
    const auto files = test.rig.Files();
    EXPECT_EQ(co_await test.Delete(removed, false), JobStatus::kSuccess) << "needs no trash";
    co_await test.Set(offline, R"("isOffline" = true, "deletedAt" = now() - interval '31 days')");
    EXPECT_EQ(co_await test.Delete(offline), JobStatus::kSuccess);
    co_await test.Remove(orphan, true);
    co_await test.rig.Sql(R"(UPDATE library SET "deletedAt" = now())");
    EXPECT_EQ(co_await test.Delete(orphan), JobStatus::kSuccess);
    EXPECT_EQ(co_await test.Count(), 0);
    EXPECT_EQ(test.rig.Files(), files);
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT "quotaUsageInBytes" FROM "user")"), 20)
        << "external files do not count";
  });
}

TEST(AssetPurgeTest, AFileThatCannotBeRemovedKeepsTheRowForALaterRun) {
  WithPurging([](Purging& test) -> Task<void> {
    const AssetId id = co_await test.Add("photo");
    const std::string path = co_await test.PathOf(id);
    std::filesystem::remove(path);
    std::filesystem::create_directories(path + "/in the way");
    co_await test.Remove(id, true);
    EXPECT_EQ(co_await Refusal(test.Delete(id)), "500 Internal server error");
    EXPECT_EQ(co_await test.Count(), 1);
    std::filesystem::remove_all(path);
    EXPECT_EQ(co_await test.Delete(id), JobStatus::kSuccess);
    EXPECT_EQ(co_await test.Count(), 0);
  });
}

/// A stack of assets, the first being primary.
Task<void> Stack(Purging& test, const std::vector<AssetId>& ids) {
  co_await test.rig.Sql(fmt::format(R"(INSERT INTO stack (id, "primaryAssetId", "ownerId")
      VALUES ('44444444-4444-4444-8444-444444444444', '{}', '{}'))",
                                    ids[0].ToString(), test.auth.user.id.ToString()));
  for (const AssetId id : ids) co_await test.Set(id, "\"stackId\" = '44444444-4444-4444-8444-444444444444'");
}

TEST(AssetPurgeTest, StacksGoOnWithAnotherPrimaryAndEndWithOneLeft) {
  WithPurging([](Purging& test) -> Task<void> {
    std::vector<AssetId> ids;
    for (const char* content : {"1", "2", "3"}) ids.push_back(co_await test.Add(content));
    co_await Stack(test, ids);
    co_await test.Set(ids[1], R"("deletedAt" = now())");
    co_await test.Remove(ids[0], true);
    EXPECT_EQ(co_await test.Delete(ids[0]), JobStatus::kSuccess);
    EXPECT_EQ(co_await test.rig.Text(R"(SELECT "primaryAssetId"::text FROM stack)"), ids[2].ToString());
    co_await test.Remove(ids[1], true);
    EXPECT_EQ(co_await test.Delete(ids[1]), JobStatus::kSuccess);
    EXPECT_EQ(co_await test.rig.Number("SELECT count(*) FROM stack"), 0);
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT count(*) FROM asset WHERE "stackId" IS NULL)"), 1);
  });
}

TEST(AssetPurgeTest, MembersOfAStackMayGoTogether) {
  WithPurging([](Purging& test) -> Task<void> {
    std::vector<AssetId> ids;
    for (int i = 0; i < 8; ++i) ids.push_back(co_await test.Add(std::to_string(i)));
    co_await Stack(test, ids);
    co_await test.rig.Sql(R"(UPDATE asset SET "deletedAt" = now(), status = 'deleted')");
    const auto run = [&](AssetId id) -> Task<std::string> {
      co_return co_await test.Delete(id) == JobStatus::kSuccess ? "done" : "skipped";
    };
    std::vector<Task<std::string>> jobs;
    for (const AssetId id : ids) jobs.push_back(run(id));
    EXPECT_THAT(co_await RunTogether(std::move(jobs)), ::testing::Each("done"));
    EXPECT_EQ(co_await test.Count(), 0);
    EXPECT_EQ(co_await test.rig.Number("SELECT count(*) FROM stack"), 0);
    EXPECT_EQ(test.rig.Files().size(), 0);
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT "quotaUsageInBytes" FROM "user")"), 0);
  });
}

TEST(AssetPurgeTest, TheVideoGoesWithTheLastLivePhotoThatShowsIt) {
  WithPurging([](Purging& test) -> Task<void> {
    const AssetId video = co_await test.Add("video", "live.mov");
    const AssetId first = co_await test.Add("first"), second = co_await test.Add("second");
    co_await test.Set(video, "visibility = 'hidden'");
    for (const AssetId still : {first, second}) {
      co_await test.Set(still, fmt::format(R"("livePhotoVideoId" = '{}')", video.ToString()));
      co_await test.Remove(still, true);
    }
    EXPECT_EQ(co_await test.Delete(video), JobStatus::kSkipped) << "in use";
    EXPECT_EQ(co_await test.Delete(first), JobStatus::kSuccess);
    EXPECT_EQ(co_await test.Count(), 2);
    EXPECT_EQ(test.rig.Files().size(), 2);
    EXPECT_EQ(co_await test.Delete(second), JobStatus::kSuccess);
    EXPECT_EQ(co_await test.Count(), 0);
    EXPECT_EQ(test.rig.Files().size(), 0);
  });
}

TEST(AssetPurgeTest, LivePhotosOfOneVideoMayGoTogether) {
  WithPurging([](Purging& test) -> Task<void> {
    const AssetId video = co_await test.Add("video", "live.mov");
    co_await test.Set(video, "visibility = 'hidden'");
    const auto run = [&](AssetId id) -> Task<std::string> {
      co_await test.Delete(id);
      co_return "";
    };
    std::vector<Task<std::string>> jobs;
    for (int i = 0; i < 6; ++i) {
      const AssetId still = co_await test.Add(std::to_string(i));
      co_await test.Set(still, fmt::format(R"("livePhotoVideoId" = '{}')", video.ToString()));
      co_await test.Remove(still, true);
      jobs.push_back(run(still));
    }
    co_await RunTogether(std::move(jobs));
    EXPECT_EQ(co_await test.Count(), 0);
    EXPECT_EQ(test.rig.Files().size(), 0);
  });
}

TEST(AssetPurgeTest, FileDeleteSparesOriginals) {
  WithPurging([](Purging& test) -> Task<void> {
    const std::string original = co_await test.PathOf(co_await test.Add("photo"));
    const std::string stray = test.rig.MakeFile("upload/stray.jpg");
    const std::string data =
        fmt::format(R"({{"files":["{}","{}",null,"relative.jpg","/is/not/there"]}})", original, stray);
    EXPECT_EQ((co_await test.purge.DeleteFiles(data)).status, JobStatus::kSuccess);
    EXPECT_EQ(test.rig.Files(), std::set<std::string>{original});
    EXPECT_EQ((co_await test.purge.DeleteFiles("{}")).status, JobStatus::kSkipped);
  });
}

}  // namespace
}  // namespace immich::assets
