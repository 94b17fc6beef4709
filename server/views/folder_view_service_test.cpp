#include "server/views/folder_view_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/testing/migrated_database.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::views {
namespace {

using immich::testing::InsertAsset;
using immich::testing::InsertUser;
using immich::testing::MigratedDatabase;
using immich::testing::SignedIn;
using immich::testing::WithPool;
using ::testing::ElementsAre;

TEST(FolderViewServiceTest, ShowsFoldersAndWhatLiesInThemselves) {
  const MigratedDatabase database;
  WithPool(database, [](pg::Pool& db) -> Task<void> {
    const UserId user = co_await InsertUser(db, "a@example.com");
    const UserId other = co_await InsertUser(db, "b@example.com");
    co_await InsertAsset(db, {.owner = user, .name = "b.jpg", .path = "/p/2024/1.jpg"});
    co_await InsertAsset(db, {.owner = user, .name = "a.jpg", .path = "/p/2024/2.jpg"});
    co_await InsertAsset(db, {.owner = user, .name = "c.jpg", .path = "/p/2024/deep/3.jpg"});
    co_await InsertAsset(db, {.owner = user, .name = "d.jpg", .path = "/p/2024%/4.jpg"});
    co_await InsertAsset(db, {.owner = user, .name = "e.jpg", .path = "/q/5.jpg", .visibility = "archive"});
    co_await InsertAsset(db, {.owner = other, .name = "f.jpg", .path = "/p/2024/6.jpg"});
    FolderViewService service(db, std::make_shared<LibraryCache>(db));
    LibraryCache::Body folders = co_await service.Folders(SignedIn(user));
    EXPECT_EQ(folders->text(), R"(["/p/2024","/p/2024%","/p/2024/deep"])");
    for (std::string folder : {"/p/2024", "/p/2024/"}) {
      std::vector<std::string> names;
      for (const auto& asset : co_await service.Assets(SignedIn(user), folder))
        names.push_back(asset.original_file_name);
      EXPECT_THAT(names, ElementsAre("a.jpg", "b.jpg")) << folder;
    }
    co_await db.RunScript(R"(UPDATE asset SET "originalPath" = '/r/1.jpg' WHERE "originalPath" = '/p/2024%/4.jpg')");
    folders = co_await service.Folders(SignedIn(user));
    EXPECT_EQ(folders->text(), R"(["/p/2024","/p/2024/deep","/r"])");
  });
}

}  // namespace
}  // namespace immich::views
