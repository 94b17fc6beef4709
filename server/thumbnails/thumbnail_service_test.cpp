#include "server/thumbnails/thumbnail_service.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "db/testing/migrated_database.hpp"
#include "db/testing/query_value.hpp"
#include "media/testing/sample_pictures.hpp"
#include "platform/error/error.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/core/media_workers.hpp"
#include "server/core/system_config.hpp"

namespace immich::thumbnails {
namespace {

using immich::testing::QueryNumber;
using immich::testing::QueryText;

constexpr std::string_view kOwner = "11111111-1111-4111-8111-111111111111";
constexpr std::string_view kAsset = "abcdef00-0000-4000-8000-000000000001";

/// Keeps what the service queues.
class CollectingSink : public JobSink {
 public:
  using JobSink::Enqueue;
  Task<void> Enqueue(std::vector<Request> requests) override {
    for (Request& request : requests) queued.push_back(std::move(request));
    co_return;
  }
  std::vector<Request> queued;
};

/// A library with one asset, and the service on it.
struct Library {
  explicit Library(pg::Pool& pool, MediaWorkerOptions options = {})
      : db(pool), config(pool, {}), paths(folder.path()), media(pool.executor(), std::move(options)),
        service(pool, jobs, config, paths, media, false) {}

  Task<void> AddAsset(std::string_view extension, std::span<const std::uint8_t> bytes) {
    const std::string path = folder / fmt::format("original{}", extension);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    co_await db.RunScript(fmt::format(
        R"(INSERT INTO "user" (id, email, name, password) VALUES ('{0}', 'a@b.c', 'A', '') ON CONFLICT DO NOTHING;
           INSERT INTO asset (id, "ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime",
                              checksum, "checksumAlgorithm", "originalFileName")
           VALUES ('{1}', '{0}', 'IMAGE', '{2}', now(), now(), now(), '\x00', 'sha1', 'a.jpg');
           INSERT INTO asset_job_status ("assetId") VALUES ('{1}');
           INSERT INTO asset_exif ("assetId") VALUES ('{1}'))",
        kOwner, kAsset, path));
  }

  std::size_t FilesBelow(std::string_view name) const {
    std::size_t count = 0;
    if (!std::filesystem::exists(folder / name)) return 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / name)) count += entry.is_regular_file();
    return count;
  }

  immich::testing::TemporaryDirectory folder;
  pg::Pool& db;
  CollectingSink jobs;
  SystemConfig config;
  StoragePaths paths;
  MediaWorkers media;
  ThumbnailService service;
};

const AssetId kId(*Uuid::Parse(kAsset));

void WithLibrary(const std::function<Task<void>(Library&)>& body, MediaWorkerOptions options = {}) {
  const immich::testing::MigratedDatabase database;
  immich::testing::WithPool(database, [&](pg::Pool& pool) -> Task<void> {
    Library library(pool, options);
    co_await library.config.Load();
    co_await body(library);
    co_await library.media.Stop();
  });
}

TEST(ThumbnailServiceTest, MakesPreviewThumbnailAndThumbhash) {
  WithLibrary([](Library& library) -> Task<void> {
    const auto picture = media::testing::QuarteredJpeg({800, 600});
    co_await library.AddAsset(".jpg", picture);
    const JobResult result = co_await library.service.Generate(kId);
    EXPECT_EQ(result.status, queue::JobStatus::kSuccess);
    EXPECT_TRUE(result.is_visible);
    EXPECT_FALSE(result.is_video);
    EXPECT_EQ(co_await QueryNumber(library.db, "SELECT count(*) FROM asset_file"), 2);
    EXPECT_GE(co_await QueryNumber(library.db, "SELECT length(thumbhash)::bigint FROM asset WHERE thumbhash IS NOT NULL"), 5);
    const std::string preview = co_await QueryText(library.db, "SELECT path FROM asset_file WHERE type = 'preview'");
    EXPECT_EQ(preview, library.folder / fmt::format("thumbs/{}/ab/cd/{}_preview.jpeg", kOwner, kAsset));
    EXPECT_TRUE(std::filesystem::exists(preview));
    EXPECT_EQ(library.FilesBelow("thumbs"), 2);

    // Again gives the same, without another change of the asset.
    const std::string before = co_await QueryText(library.db, "SELECT \"updateId\"::text FROM asset");
    const JobResult again = co_await library.service.Generate(kId);
    EXPECT_EQ(again.status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await QueryText(library.db, "SELECT \"updateId\"::text FROM asset"), before);
    EXPECT_EQ(library.FilesBelow("thumbs"), 2);
  });
}

TEST(ThumbnailServiceTest, BrokenFileFailsWithTheReasonAndLeavesNothing) {
  WithLibrary([](Library& library) -> Task<void> {
    auto picture = media::testing::QuarteredJpeg({800, 600});
    picture.resize(300);
    co_await library.AddAsset(".jpg", picture);
    std::string reason;
    try {
      co_await library.service.Generate(kId);
    } catch (const InternalError& error) {
      reason = error.detail();
    }
    EXPECT_FALSE(reason.empty());
    EXPECT_EQ(co_await QueryNumber(library.db, "SELECT count(*) FROM asset_file"), 0);
    EXPECT_EQ(library.FilesBelow("thumbs"), 0);
  });
}

TEST(ThumbnailServiceTest, SkipsHiddenAndAbsentAssets) {
  WithLibrary([](Library& library) -> Task<void> {
    EXPECT_EQ((co_await library.service.Generate(kId)).status, queue::JobStatus::kSkipped);
    const auto picture = media::testing::QuarteredJpeg({80, 60});
    co_await library.AddAsset(".jpg", picture);
    co_await library.db.RunScript("UPDATE asset SET visibility = 'hidden'");
    EXPECT_EQ((co_await library.service.Generate(kId)).status, queue::JobStatus::kSkipped);
    EXPECT_EQ(library.FilesBelow("thumbs"), 0);
  });
}

TEST(ThumbnailServiceTest, AnotherFormatReplacesTheOldFile) {
  WithLibrary([](Library& library) -> Task<void> {
    const auto picture = media::testing::QuarteredJpeg({400, 300});
    co_await library.AddAsset(".jpg", picture);
    co_await library.service.Generate(kId);
    const std::string old_path = co_await QueryText(library.db, "SELECT path FROM asset_file WHERE type = 'preview'");
    api::AdminConfigDto config = library.config.current();
    config.image.preview.format = api::ImageFormat::kWebp;
    co_await library.config.Save(config);
    co_await library.service.Generate(kId);
    EXPECT_FALSE(std::filesystem::exists(old_path));
    EXPECT_EQ(library.FilesBelow("thumbs"), 2);
    EXPECT_TRUE((co_await QueryText(library.db, "SELECT path FROM asset_file WHERE type = 'preview'")).ends_with(".webp"));
  });
}

TEST(ThumbnailServiceTest, EditedAssetsGetASecondSet) {
  WithLibrary([](Library& library) -> Task<void> {
    const auto picture = media::testing::QuarteredJpeg({400, 300});
    co_await library.AddAsset(".jpg", picture);
    co_await library.db.RunScript(fmt::format(
        R"(INSERT INTO asset_edit ("assetId", action, parameters, sequence) VALUES
             ('{0}', 'crop', '{{"x":0,"y":0,"width":200,"height":100}}', 0), ('{0}', 'rotate', '{{"angle":90}}', 1))",
        kAsset));
    co_await library.service.Generate(kId);
    EXPECT_EQ(co_await QueryNumber(library.db, R"(SELECT count(*) FROM asset_file WHERE "isEdited")"), 3);
    EXPECT_EQ(co_await QueryNumber(library.db, "SELECT (width * 1000 + height)::bigint FROM asset"), 100200);
    // Removing the edits removes their files.
    co_await library.db.RunScript("DELETE FROM asset_edit");
    co_await library.service.Generate(kId);
    EXPECT_EQ(co_await QueryNumber(library.db, R"(SELECT count(*) FROM asset_file WHERE "isEdited")"), 0);
    EXPECT_EQ(library.FilesBelow("thumbs"), 2);
  });
}

TEST(ThumbnailServiceTest, QueueAllFindsWhatIsMissing) {
  WithLibrary([](Library& library) -> Task<void> {
    const auto picture = media::testing::QuarteredJpeg({80, 60});
    co_await library.AddAsset(".jpg", picture);
    co_await library.service.QueueAll(false);
    EXPECT_EQ(library.jobs.queued.size(), 1);
    EXPECT_EQ(library.jobs.queued[0].name, "AssetGenerateThumbnails");
    EXPECT_EQ(library.jobs.queued[0].data, JobDataWithId(kId.value));
    co_await library.service.Generate(kId);
    co_await library.service.QueueAll(false);
    EXPECT_EQ(library.jobs.queued.size(), 1);
    co_await library.service.QueueAll(true);
    EXPECT_EQ(library.jobs.queued.size(), 2);
    co_await library.db.RunScript("DELETE FROM asset_file WHERE type = 'thumbnail'");
    co_await library.service.QueueAll(false);
    EXPECT_EQ(library.jobs.queued.size(), 3);
  });
}

TEST(ThumbnailServiceTest, AFileThatNeverEndsCostsItsOwnJob) {
  MediaWorkerOptions options;
  options.time_limit = std::chrono::milliseconds(1);
  options.max_children = 1;
  WithLibrary(
      [](Library& library) -> Task<void> {
        const auto picture = media::testing::QuarteredJpeg({4000, 3000});
        co_await library.AddAsset(".jpg", picture);
        std::string reason;
        try {
          co_await library.service.Generate(kId);
        } catch (const InternalError& error) {
          reason = error.detail();
        }
        EXPECT_EQ(reason, "decoder exceeded its time limit");
        EXPECT_EQ(library.FilesBelow("thumbs"), 0);
      },
      options);
}

}  // namespace
}  // namespace immich::thumbnails
