#include "server/admin_users/user_removal.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "platform/testing/temporary_directory.hpp"
#include "server/core/storage_paths.hpp"
#include "server/core/testing/account_rig.hpp"

namespace immich::admin_users {
namespace {

using immich::testing::AccountRig;
using immich::testing::QueryNumber;
using immich::testing::WithAccounts;
using queue::JobStatus;

struct Removal {
  explicit Removal(AccountRig& rig)
      : paths(folder.path()), db(rig.db), removal(rig.db, rig.jobs, rig.events, rig.config, paths) {}

  /// A file in each of the user's folders and some rows that refer to the user.
  Task<void> Fill(UserId user) {
    for (const StorageFolder kind : {StorageFolder::kUpload, StorageFolder::kProfile, StorageFolder::kThumbs,
                                     StorageFolder::kEncodedVideo, StorageFolder::kLibrary}) {
      const std::string path = paths.OwnerFolder(kind, user) + "/ab/cd";
      std::filesystem::create_directories(path);
      std::ofstream(path + "/file") << "x";
    }
    co_await db.RunScript(fmt::format(R"(
      INSERT INTO asset ("ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime", checksum,
                         "checksumAlgorithm", "originalFileName")
      VALUES ('{0}', 'IMAGE', '/x', now(), now(), now(), '\x01', 'sha1', 'a.jpg');
      INSERT INTO asset_exif ("assetId", "fileSizeInByte") SELECT id, 100 FROM asset WHERE "ownerId" = '{0}';
      WITH made AS (INSERT INTO album ("albumName") VALUES ('album of {0}') RETURNING id)
      INSERT INTO album_user ("albumId", "userId", role) SELECT id, '{0}', 'owner' FROM made)",
                                      user.ToString()));
  }

  Task<void> MarkDeleted(UserId user, std::string_view age, std::string_view status = "deleted") {
    co_await db.RunScript(
        fmt::format(R"(UPDATE "user" SET "deletedAt" = now() - interval '{}', status = '{}' WHERE id = '{}')", age,
                    status, user.ToString()));
  }

  bool HasFiles(UserId user) const {
    return std::filesystem::exists(paths.OwnerFolder(StorageFolder::kUpload, user)) ||
           std::filesystem::exists(paths.OwnerFolder(StorageFolder::kLibrary, user));
  }

  Task<JobStatus> Run(UserId user, bool force) {
    const std::string data = fmt::format(R"({{"id":"{}"{}}})", user.ToString(), force ? R"(,"force":true)" : "");
    const JobResult result = co_await removal.Remove(data);
    co_return result.status;
  }

  immich::testing::TemporaryDirectory folder;
  StoragePaths paths;
  pg::Pool& db;
  UserRemoval removal;
};

TEST(UserRemovalTest, RemovesFilesAndRowsOfTheUserOnly) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    Removal test(rig);
    const UserId user = co_await rig.AddUser("a@example.com");
    const UserId other = co_await rig.AddUser("b@example.com");
    co_await test.Fill(user);
    co_await test.Fill(other);
    co_await test.MarkDeleted(user, "0 days", "removing");
    EXPECT_EQ(co_await test.Run(user, true), JobStatus::kSuccess);
    EXPECT_FALSE(test.HasFiles(user));
    EXPECT_TRUE(test.HasFiles(other));
    EXPECT_FALSE(co_await rig.accounts.Find(user, true));
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM asset"), 1);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM album"), 1);
    EXPECT_EQ(co_await test.Run(user, true), JobStatus::kSkipped) << "a second run";
  });
}

TEST(UserRemovalTest, WaitsForTheDelayAndRespectsARestore) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    Removal test(rig);
    const UserId user = co_await rig.AddUser("a@example.com");
    co_await test.Fill(user);
    EXPECT_EQ(co_await test.Run(user, true), JobStatus::kSkipped) << "not deleted";
    co_await test.MarkDeleted(user, "6 days");
    EXPECT_EQ(co_await test.Run(user, false), JobStatus::kSkipped);
    EXPECT_TRUE(test.HasFiles(user));
    co_await test.MarkDeleted(user, "8 days");
    EXPECT_EQ(co_await test.Run(user, false), JobStatus::kSuccess);
    EXPECT_FALSE(test.HasFiles(user));
  });
}

TEST(UserRemovalTest, QueuesWhatIsDue) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    Removal test(rig);
    co_await rig.AddUser("live@example.com");
    const UserId fresh = co_await rig.AddUser("fresh@example.com");
    const UserId old = co_await rig.AddUser("old@example.com");
    const UserId forced = co_await rig.AddUser("forced@example.com");
    co_await test.MarkDeleted(fresh, "1 day");
    co_await test.MarkDeleted(old, "8 days");
    co_await test.MarkDeleted(forced, "1 minute", "removing");
    co_await test.removal.QueueDue();
    std::vector<std::string> queued;
    for (const JobSink::Request& job : rig.jobs.queued) {
      EXPECT_EQ(job.name, "UserDelete");
      queued.push_back(job.data);
    }
    std::sort(queued.begin(), queued.end());
    std::vector<std::string> expected{JobDataWithId(old.value), JobDataWithId(forced.value)};
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(queued, expected);
  });
}

TEST(UserRemovalTest, CountsUploadsOnlyAndTouchesNobodyElse) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    Removal test(rig);
    const UserId user = co_await rig.AddUser("a@example.com");
    const UserId other = co_await rig.AddUser("b@example.com");
    co_await test.Fill(user);
    co_await rig.db.RunScript(fmt::format(R"(
      WITH made AS (INSERT INTO library (name, "ownerId", "importPaths", "exclusionPatterns")
                    VALUES ('l', '{0}', '{{}}', '{{}}') RETURNING id),
      external AS (INSERT INTO asset ("ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime",
                                      checksum, "checksumAlgorithm", "originalFileName", "libraryId")
                   SELECT '{0}', 'IMAGE', '/y', now(), now(), now(), '\x02', 'sha1-path', 'b.jpg', id FROM made RETURNING id)
      INSERT INTO asset_exif ("assetId", "fileSizeInByte") SELECT id, 7000 FROM external)",
                                          user.ToString()));
    const auto before = co_await rig.accounts.Get(other);
    co_await test.removal.SyncUsage();
    EXPECT_EQ((co_await rig.accounts.Get(user)).quota_usage_in_bytes, 100);
    EXPECT_EQ(co_await rig.accounts.Get(other), before);
  });
}

}  // namespace
}  // namespace immich::admin_users
