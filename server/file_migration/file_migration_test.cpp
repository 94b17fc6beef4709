#include <gtest/gtest.h>

#include "db/testing/query_value.hpp"
#include "server/core/testing/worker_rig.hpp"
#include "server/file_migration/file_migration_service.hpp"

namespace immich::file_migration {
namespace {

using immich::testing::QueryText;
using immich::testing::WithWorkerRig;
using immich::testing::WorkerRig;

TEST(FileMigrationTest, FilesGoToTheirPlacesAndKeepTheirFormat) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    FileMigrationService service(rig.db, rig.jobs, rig.queues, rig.paths);
    const AssetId asset = co_await rig.AddAsset("/a.jpg");
    EXPECT_EQ((co_await service.MigrateAsset(asset)).status, queue::JobStatus::kSkipped);
    const std::string preview = rig.Write("thumbs/old/preview.jpeg", std::string_view("p"));
    const std::string video = rig.Write("encoded-video/old.mp4", std::string_view("v"));
    co_await rig.db.RunScript(
        fmt::format("INSERT INTO asset_file (\"assetId\", type, path) VALUES ('{0}', 'preview', '{1}'), ('{0}', "
                    "'encoded_video', '{2}')",
                    asset.ToString(), preview, video));
    for (int run = 0; run < 2; ++run) {
      EXPECT_EQ((co_await service.MigrateAsset(asset)).status, queue::JobStatus::kSuccess);
      const std::string wanted = rig.paths.Image(rig.owner, asset, AssetFileKind::kPreview, false, "jpeg");
      EXPECT_EQ(co_await QueryText(rig.db, "SELECT path FROM asset_file WHERE type = 'preview'"), wanted);
      EXPECT_TRUE(std::filesystem::exists(wanted));
      EXPECT_EQ(co_await QueryText(rig.db, "SELECT path FROM asset_file WHERE type = 'encoded_video'"),
                rig.paths.EncodedVideo(rig.owner, asset));
    }
    EXPECT_EQ((co_await service.QueueAll()).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(rig.jobs.Names(), std::vector<std::string>{"AssetFileMigration"});
    EXPECT_FALSE(std::filesystem::exists(rig.folder / "thumbs/old"));
  });
}

TEST(FileMigrationTest, PeopleKeepTheirPictures) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    FileMigrationService service(rig.db, rig.jobs, rig.queues, rig.paths);
    const std::string picture = rig.Write("thumbs/face.jpeg", std::string_view("f"));
    co_await rig.db.RunScript(fmt::format("INSERT INTO person (\"ownerId\", \"thumbnailPath\") VALUES ('{}', '{}')",
                                          rig.owner.ToString(), picture));
    const PersonId person(*Uuid::Parse(co_await QueryText(rig.db, "SELECT id::text FROM person")));
    co_await service.MigratePerson(person);
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT \"thumbnailPath\" FROM person"),
              rig.paths.PersonThumbnail(rig.owner, person));
    EXPECT_FALSE(std::filesystem::exists(picture));
  });
}

}  // namespace
}  // namespace immich::file_migration
