#include "server/thumbnails/thumbnail_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "db/testing/query_value.hpp"
#include "media/testing/sample_pictures.hpp"
#include "platform/error/error.hpp"
#include "platform/process/captured_run.hpp"
#include "server/core/testing/worker_rig.hpp"

namespace immich::thumbnails {
namespace {

using immich::testing::QueryNumber;
using immich::testing::QueryText;

using immich::testing::WithWorkerRig;
using immich::testing::WorkerRig;

struct Library {
  explicit Library(WorkerRig& worker_rig)
      : rig(worker_rig), service(rig.db, rig.jobs, rig.config, rig.paths, rig.media, false) {}

  Task<AssetId> AddPicture(media::ImageSize size, std::size_t cut_at = std::string::npos) {
    auto picture = media::testing::QuarteredJpeg(size);
    picture.resize(std::min(picture.size(), cut_at));
    co_return co_await rig.AddAsset(rig.Write("upload/a.jpg", picture));
  }

  WorkerRig& rig;
  ThumbnailService service;
};

void WithLibrary(const std::function<Task<void>(Library&)>& body, const MediaWorkerOptions& options = {}) {
  WithWorkerRig(
      [&](WorkerRig& rig) -> Task<void> {
        Library library(rig);
        co_await body(library);
      },
      options);
}

TEST(ThumbnailServiceTest, MakesPreviewThumbnailAndThumbhash) {
  WithLibrary([](Library& library) -> Task<void> {
    const AssetId asset = co_await library.AddPicture({800, 600});
    const JobResult result = co_await library.service.Generate(asset);
    EXPECT_EQ(result.status, queue::JobStatus::kSuccess);
    EXPECT_TRUE(result.is_visible);
    EXPECT_FALSE(result.is_video);
    EXPECT_EQ(co_await QueryNumber(library.rig.db, "SELECT count(*) FROM asset_file"), 2);
    EXPECT_GE(
        co_await QueryNumber(library.rig.db, "SELECT length(thumbhash)::bigint FROM asset WHERE thumbhash IS NOT NULL"),
        5);
    const std::string preview =
        co_await QueryText(library.rig.db, "SELECT path FROM asset_file WHERE type = 'preview'");
    EXPECT_EQ(preview, library.rig.paths.Image(library.rig.owner, asset, AssetFileKind::kPreview, false, "jpeg"));
    EXPECT_TRUE(std::filesystem::exists(preview));
    EXPECT_EQ(library.rig.FilesBelow("thumbs"), 2);

    // Again gives the same, without another change of the asset.
    const std::string before = co_await QueryText(library.rig.db, "SELECT \"updateId\"::text FROM asset");
    const JobResult again = co_await library.service.Generate(asset);
    EXPECT_EQ(again.status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await QueryText(library.rig.db, "SELECT \"updateId\"::text FROM asset"), before);
    EXPECT_EQ(library.rig.FilesBelow("thumbs"), 2);
  });
}

TEST(ThumbnailServiceTest, BrokenFileFailsWithTheReasonAndLeavesNothing) {
  WithLibrary([](Library& library) -> Task<void> {
    const AssetId asset = co_await library.AddPicture({800, 600}, 300);
    std::string reason;
    try {
      co_await library.service.Generate(asset);
    } catch (const InternalError& error) {
      reason = error.detail();
    }
    EXPECT_FALSE(reason.empty());
    EXPECT_EQ(co_await QueryNumber(library.rig.db, "SELECT count(*) FROM asset_file"), 0);
    EXPECT_EQ(library.rig.FilesBelow("thumbs"), 0);
  });
}

TEST(ThumbnailServiceTest, SkipsHiddenAndAbsentAssets) {
  WithLibrary([](Library& library) -> Task<void> {
    EXPECT_EQ((co_await library.service.Generate(AssetId::Random())).status, queue::JobStatus::kSkipped);
    const AssetId asset = co_await library.AddPicture({80, 60});
    co_await library.rig.db.RunScript("UPDATE asset SET visibility = 'hidden'");
    EXPECT_EQ((co_await library.service.Generate(asset)).status, queue::JobStatus::kSkipped);
    EXPECT_EQ(library.rig.FilesBelow("thumbs"), 0);
  });
}

TEST(ThumbnailServiceTest, AnotherFormatReplacesTheOldFile) {
  WithLibrary([](Library& library) -> Task<void> {
    const AssetId asset = co_await library.AddPicture({400, 300});
    co_await library.service.Generate(asset);
    const std::string old_path =
        co_await QueryText(library.rig.db, "SELECT path FROM asset_file WHERE type = 'preview'");
    api::AdminConfigDto config = library.rig.config.current();
    config.image.preview.format = api::ImageFormat::kWebp;
    co_await library.rig.config.Save(config);
    co_await library.service.Generate(asset);
    EXPECT_FALSE(std::filesystem::exists(old_path));
    EXPECT_EQ(library.rig.FilesBelow("thumbs"), 2);
    EXPECT_TRUE(
        (co_await QueryText(library.rig.db, "SELECT path FROM asset_file WHERE type = 'preview'")).ends_with(".webp"));
  });
}

TEST(ThumbnailServiceTest, EditedAssetsGetASecondSet) {
  WithLibrary([](Library& library) -> Task<void> {
    const AssetId asset = co_await library.AddPicture({400, 300});
    co_await library.rig.db.RunScript(fmt::format(
        R"(INSERT INTO asset_edit ("assetId", action, parameters, sequence) VALUES
             ('{0}', 'crop', '{{"x":0,"y":0,"width":200,"height":100}}', 0), ('{0}', 'rotate', '{{"angle":90}}', 1))",
        asset.ToString()));
    co_await library.service.Generate(asset);
    EXPECT_EQ(co_await QueryNumber(library.rig.db, R"(SELECT count(*) FROM asset_file WHERE "isEdited")"), 3);
    EXPECT_EQ(co_await QueryNumber(library.rig.db, "SELECT (width * 1000 + height)::bigint FROM asset"), 100200);
    // Removing the edits removes their files.
    co_await library.rig.db.RunScript("DELETE FROM asset_edit");
    co_await library.service.Generate(asset);
    EXPECT_EQ(co_await QueryNumber(library.rig.db, R"(SELECT count(*) FROM asset_file WHERE "isEdited")"), 0);
    EXPECT_EQ(library.rig.FilesBelow("thumbs"), 2);
  });
}

TEST(ThumbnailServiceTest, VideosGetAStill) {
  WithLibrary([](Library& library) -> Task<void> {
    const std::string path = library.rig.folder / "a.mp4";
    process::ChildOptions ffmpeg;
    ffmpeg.program = "ffmpeg";
    ffmpeg.arguments = {"-v", "error", "-f", "lavfi", "-i", "testsrc=d=2:s=640x480:r=10", "-pix_fmt", "yuv420p", path};
    const process::CapturedRun made = co_await process::RunAndCapture(std::move(ffmpeg));
    EXPECT_TRUE(made.ok()) << made.error;
    const AssetId asset = co_await library.rig.AddAsset(path, "VIDEO", "a.mp4");
    const JobResult result = co_await library.service.Generate(asset);
    EXPECT_EQ(result.status, queue::JobStatus::kSuccess);
    EXPECT_TRUE(result.is_video);
    EXPECT_EQ(library.rig.FilesBelow("thumbs"), 2);
  });
}

TEST(ThumbnailServiceTest, QueueAllFindsWhatIsMissing) {
  WithLibrary([](Library& library) -> Task<void> {
    const AssetId asset = co_await library.AddPicture({80, 60});
    co_await library.service.QueueAll(false);
    EXPECT_EQ(library.rig.jobs.queued.size(), 1);
    EXPECT_EQ(library.rig.jobs.queued[0].name, "AssetGenerateThumbnails");
    EXPECT_EQ(library.rig.jobs.queued[0].data, JobDataWithId(asset.value));
    co_await library.service.Generate(asset);
    co_await library.service.QueueAll(false);
    EXPECT_EQ(library.rig.jobs.queued.size(), 1);
    co_await library.service.QueueAll(true);
    EXPECT_EQ(library.rig.jobs.queued.size(), 2);
    co_await library.rig.db.RunScript("DELETE FROM asset_file WHERE type = 'thumbnail'");
    co_await library.service.QueueAll(false);
    EXPECT_EQ(library.rig.jobs.queued.size(), 3);
  });
}

TEST(ThumbnailServiceTest, AFileThatNeverEndsCostsItsOwnJob) {
  MediaWorkerOptions options;
  options.time_limit = std::chrono::milliseconds(1);
  options.max_children = 1;
  WithLibrary(
      [](Library& library) -> Task<void> {
        const AssetId asset = co_await library.AddPicture({4000, 3000});
        std::string reason;
        try {
          co_await library.service.Generate(asset);
        } catch (const InternalError& error) {
          reason = error.detail();
        }
        EXPECT_EQ(reason, "decoder exceeded its time limit");
        EXPECT_EQ(library.rig.FilesBelow("thumbs"), 0);
      },
      options);
}

}  // namespace
}  // namespace immich::thumbnails
