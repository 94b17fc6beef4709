#include <gtest/gtest.h>

#include "db/testing/query_value.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/text_encoding.hpp"
#include "server/core/testing/worker_rig.hpp"
#include "server/storage_template/storage_template_service.hpp"

namespace immich::storage_template {
namespace {

using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::WithWorkerRig;
using immich::testing::WorkerRig;

TemplateAsset Asset() {
  TemplateAsset asset;
  asset.id = AssetId(*Uuid::Parse("103c05df-9d6c-407b-9556-d9da0d589e6e"));
  asset.owner = UserId(*Uuid::Parse("eaf167de-b7f6-45ea-bb83-a14b233492d3"));
  asset.storage_label = "admin";
  asset.original_path = "/data/upload/x.JPEG";
  asset.file_name = "IMG/1?.JPEG";
  asset.created_at = *ParseIso("2023-09-08T12:00:00Z");
  asset.make = "Canon";
  return asset;
}

std::optional<std::string> PathOf(std::string_view text, const TemplateAsset& asset) {
  return LibraryPath(PathTemplate::Parse(text), asset, StoragePaths("/data"));
}

TEST(StorageTemplateTest, DefaultTemplate) {
  EXPECT_EQ(PathOf("{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}", Asset()), "/data/library/admin/2023/2023-09-08/IMG1");
  TemplateAsset unlabelled = Asset();
  unlabelled.storage_label.clear();
  EXPECT_EQ(PathOf("{{assetIdShort}}", unlabelled), "/data/library/eaf167de-b7f6-45ea-bb83-a14b233492d3/d9da0d589e6e");
}

TEST(StorageTemplateTest, AlbumsLoseDotsAndSlashes) {
  TemplateAsset asset = Asset();
  asset.album_name = "../Trip. 2023/x";
  asset.album_start = *ParseIso("2023-01-02T12:00:00Z");
  EXPECT_EQ(PathOf("{{album}}/{{album-startDate-y}}//{{filename}}", asset), "/data/library/admin/Trip 2023x/2023/IMG1");
  EXPECT_EQ(PathOf("{{#if album}}{{album}}{{else}}Other{{/if}}/{{filename}}", Asset()),
            "/data/library/admin/Other/IMG1");
}

TEST(StorageTemplateTest, StaysInTheUsersFolder) {
  EXPECT_EQ(PathOf("../../{{filename}}", Asset()), std::nullopt);
  EXPECT_EQ(PathOf("../admin2/{{filename}}", Asset()), std::nullopt);
  EXPECT_EQ(PathOf("{{album}}", Asset()), std::nullopt);
  EXPECT_EQ(PathOf("a/../b/{{make}}", Asset()), "/data/library/admin/b/Canon");
}

TEST(StorageTemplateTest, NormalisesExtensions) {
  EXPECT_EQ(LibraryExtension("/a/b.JPEG"), "jpg");
  EXPECT_EQ(LibraryExtension("/a/b.tif"), "tiff");
  EXPECT_EQ(LibraryExtension("/a/b.3GPP"), "3gp");
  EXPECT_EQ(LibraryExtension("/a/b.m2ts"), "mts");
  EXPECT_EQ(LibraryExtension("/a/b.heic"), "heic");
}

TEST(StorageTemplateTest, NumberedVariantsAreWhereTheyShouldBe) {
  EXPECT_TRUE(IsNumberedVariant("/a/b.jpg", "/a/b", "jpg"));
  EXPECT_TRUE(IsNumberedVariant("/a/b+12.jpg", "/a/b", "jpg"));
  EXPECT_FALSE(IsNumberedVariant("/a/b+.jpg", "/a/b", "jpg"));
  EXPECT_FALSE(IsNumberedVariant("/a/b+1x.jpg", "/a/b", "jpg"));
  EXPECT_FALSE(IsNumberedVariant("/a/bc.jpg", "/a/b", "jpg"));
}

Task<void> TurnOn(WorkerRig& rig, std::string text = "{{y}}/{{filename}}") {
  api::AdminConfigDto config = rig.config.current();
  config.storage_template.enabled = true;
  config.storage_template.template_ = std::move(text);
  co_await rig.config.Save(config);
}

Task<std::string> PathInDatabase(WorkerRig& rig, AssetId asset) {
  co_return co_await QueryText(rig.db,
                               fmt::format("SELECT \"originalPath\" FROM asset WHERE id = '{}'", asset.ToString()));
}

TEST(StorageTemplateTest, OffMeansSkipped) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    StorageTemplateService service(rig.db, rig.config, rig.paths);
    const std::string path = rig.Write("upload/a.jpg", std::string_view("a"));
    const AssetId asset = co_await rig.AddAsset(path);
    EXPECT_EQ((co_await service.MigrateOne(asset)).status, queue::JobStatus::kSkipped);
    co_await TurnOn(rig);
    EXPECT_EQ((co_await service.MigrateOne(AssetId::Random())).status, queue::JobStatus::kSkipped);
    EXPECT_TRUE(std::filesystem::exists(path));
  });
}

TEST(StorageTemplateTest, MovesOriginalAndSidecarWithoutReplacing) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    co_await TurnOn(rig);
    StorageTemplateService service(rig.db, rig.config, rig.paths);
    const std::string first_path = rig.Write("upload/a.jpg", std::string_view("first"));
    const AssetId first = co_await rig.AddAsset(first_path);
    const std::string second_path = rig.Write("upload/b.jpg", std::string_view("second"));
    const AssetId second = co_await rig.AddAsset(second_path);
    const std::string sidecar = rig.Write("upload/c.xmp", std::string_view("xmp"));
    co_await rig.db.RunScript(fmt::format(
        "INSERT INTO asset_file (\"assetId\", type, path) VALUES ('{}', 'sidecar', '{}')", second.ToString(), sidecar));
    for (int run = 0; run < 2; ++run) {
      EXPECT_EQ((co_await service.MigrateOne(first)).status, queue::JobStatus::kSuccess);
      EXPECT_EQ((co_await service.MigrateOne(second)).status, queue::JobStatus::kSuccess);
      EXPECT_EQ(co_await PathInDatabase(rig, first), rig.folder / "library/admin/2020/IMG_1.jpg");
      EXPECT_EQ(co_await PathInDatabase(rig, second), rig.folder / "library/admin/2020/IMG_1+1.jpg");
      EXPECT_EQ(co_await QueryText(rig.db, "SELECT path FROM asset_file"),
                rig.folder / "library/admin/2020/IMG_1+1.jpg.xmp");
      EXPECT_EQ(rig.FilesBelow("upload"), 0);
      EXPECT_EQ(rig.FilesBelow("library"), 3);
      EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM move_history"), 0);
    }
  });
}

TEST(StorageTemplateTest, LivePhotosStayTogether) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    co_await TurnOn(rig);
    StorageTemplateService service(rig.db, rig.config, rig.paths);
    const AssetId still =
        co_await rig.AddAsset(rig.Write("upload/a.heic", std::string_view("a")), "IMAGE", "IMG_7.HEIC");
    const AssetId video = co_await rig.AddAsset(rig.Write("upload/b.mov", std::string_view("b")), "VIDEO", "other.MOV");
    co_await rig.db.RunScript(fmt::format(
        "UPDATE asset SET \"livePhotoVideoId\" = '{0}' WHERE id = '{1}'; UPDATE asset SET visibility = 'hidden', "
        "\"fileCreatedAt\" = '2011-01-01Z' WHERE id = '{0}'",
        video.ToString(), still.ToString()));
    // Asked for the video first: it goes where the still will be.
    co_await service.MigrateOne(video);
    EXPECT_EQ(co_await PathInDatabase(rig, video), rig.folder / "library/admin/2020/IMG_7.mov");
    co_await service.MigrateOne(still);
    EXPECT_EQ(co_await PathInDatabase(rig, still), rig.folder / "library/admin/2020/IMG_7.heic");
    EXPECT_EQ(co_await PathInDatabase(rig, video), rig.folder / "library/admin/2020/IMG_7.mov");
  });
}

TEST(StorageTemplateTest, WhatMustNotMoveStays) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    co_await TurnOn(rig);
    StorageTemplateService service(rig.db, rig.config, rig.paths);
    const std::string external = rig.Write("photos/a.jpg", std::string_view("a"));
    const AssetId outside = co_await rig.AddAsset(external);
    const std::string embedded = rig.Write("encoded-video/x-MP.mp4", std::string_view("b"));
    const AssetId motion = co_await rig.AddAsset(embedded, "VIDEO");
    const std::string unknown = rig.Write("upload/c.jpg", std::string_view("c"));
    const AssetId unread = co_await rig.AddAsset(unknown);
    co_await rig.db.RunScript(
        fmt::format("UPDATE asset SET \"isExternal\" = true WHERE id = '{}'; UPDATE asset_exif SET \"fileSizeInByte\" "
                    "= NULL WHERE \"assetId\" = '{}'",
                    outside.ToString(), unread.ToString()));
    for (const AssetId asset : {outside, motion, unread}) co_await service.MigrateOne(asset);
    EXPECT_TRUE(std::filesystem::exists(external));
    EXPECT_TRUE(std::filesystem::exists(embedded));
    EXPECT_TRUE(std::filesystem::exists(unknown));
  });
}

TEST(StorageTemplateTest, AFileThatIsGoneDoesNotStopTheChain) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    co_await TurnOn(rig);
    StorageTemplateService service(rig.db, rig.config, rig.paths);
    const AssetId asset = co_await rig.AddAsset(rig.folder / "upload/gone.jpg");
    EXPECT_EQ((co_await service.MigrateOne(asset)).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await PathInDatabase(rig, asset), rig.folder / "upload/gone.jpg");
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM move_history"), 0);
  });
}

TEST(StorageTemplateTest, AllMovesEverythingAndTidiesUp) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    StorageTemplateService service(rig.db, rig.config, rig.paths);
    const AssetId asset = co_await rig.AddAsset(rig.Write("upload/a.jpg", std::string_view("a")));
    co_await TurnOn(rig, "old/deep/{{filename}}");
    EXPECT_EQ((co_await service.MigrateAll()).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await PathInDatabase(rig, asset), rig.folder / "library/admin/old/deep/IMG_1.jpg");
    co_await TurnOn(rig, "new/{{filename}}");
    co_await service.MigrateAll();
    EXPECT_EQ(co_await PathInDatabase(rig, asset), rig.folder / "library/admin/new/IMG_1.jpg");
    EXPECT_FALSE(std::filesystem::exists(rig.folder / "library/admin/old"));
  });
}

/// A move whose program died: the announcement is there, the file at `at`.
Task<void> Interrupt(WorkerRig& rig, AssetId asset, std::string from, std::string to) {
  co_await rig.db.RunScript(fmt::format(
      R"(INSERT INTO move_history ("entityId", "pathType", "oldPath", "newPath") VALUES ('{}', 'original', '{}', '{}'))",
      asset.ToString(), from, to));
}

TEST(StorageTemplateTest, InterruptedMovesAreFinishedOrTakenBack) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    const std::string here = rig.Write("upload/a.jpg", std::string_view("a"));
    const AssetId before = co_await rig.AddAsset(here);
    co_await Interrupt(rig, before, here, rig.folder / "library/a.jpg");
    const std::string there = rig.Write("library/b.jpg", std::string_view("b"));
    const AssetId after = co_await rig.AddAsset(rig.folder / "upload/b.jpg");
    co_await Interrupt(rig, after, rig.folder / "upload/b.jpg", there);
    // Copied to another file system and not yet removed here.
    const std::string old_copy = rig.Write("upload/c.jpg", std::string_view("same"));
    const std::string new_copy = rig.Write("library/c.jpg", std::string_view("same"));
    const AssetId both = co_await rig.AddAsset(old_copy);
    co_await Interrupt(rig, both, old_copy, new_copy);
    // Another file has the name now.
    const std::string mine = rig.Write("upload/d.jpg", std::string_view("mine"));
    const std::string other = rig.Write("library/d.jpg", std::string_view("else"));
    const AssetId taken = co_await rig.AddAsset(mine);
    co_await Interrupt(rig, taken, mine, other);
    const auto sha1 = crypto::HashSha1(std::string_view("same"));
    co_await rig.db.RunScript(
        fmt::format("UPDATE asset SET checksum = '\\x{}' WHERE id = '{}'", crypto::ToHex(sha1), both.ToString()));

    FileMover mover(rig.db);
    co_await mover.RecoverAll();
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM move_history"), 0);
    EXPECT_EQ(co_await PathInDatabase(rig, before), here);
    EXPECT_EQ(co_await PathInDatabase(rig, after), there);
    EXPECT_EQ(co_await PathInDatabase(rig, both), new_copy);
    EXPECT_FALSE(std::filesystem::exists(old_copy));
    EXPECT_EQ(co_await PathInDatabase(rig, taken), mine);
    EXPECT_TRUE(std::filesystem::exists(mine));
    EXPECT_TRUE(std::filesystem::exists(other));
  });
}

}  // namespace
}  // namespace immich::storage_template
