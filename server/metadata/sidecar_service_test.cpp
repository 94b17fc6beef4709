#include "server/metadata/sidecar_service.hpp"

#include <gtest/gtest.h>

#include "db/testing/query_value.hpp"
#include "media/testing/sample_pictures.hpp"
#include "platform/error/error.hpp"
#include "server/core/testing/worker_rig.hpp"
#include "server/metadata/metadata_service.hpp"

namespace immich::metadata {
namespace {

using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::WithWorkerRig;
using immich::testing::WorkerRig;

TEST(SidecarServiceTest, CandidatesInTheirOrder) {
  EXPECT_EQ(SidecarCandidates("/a/b.jpg", "/x.xmp"), (std::vector<std::string>{"/x.xmp", "/a/b.jpg.xmp", "/a/b.xmp"}));
  EXPECT_EQ(SidecarCandidates("/a/b", ""), (std::vector<std::string>{"/a/b.xmp", "/a/b.xmp"}));
}

TEST(SidecarServiceTest, FindsAndForgetsFiles) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    SidecarService service(rig.db, rig.jobs, rig.media);
    const std::string original = rig.Write("upload/a.jpg", std::string_view("x"));
    const AssetId asset = co_await rig.AddAsset(original);
    EXPECT_EQ((co_await service.Check(asset)).status, queue::JobStatus::kSkipped);
    const std::string second = rig.Write("upload/a.xmp", std::string_view("x"));
    EXPECT_EQ((co_await service.Check(asset)).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT path FROM asset_file"), second);
    // The stored one counts before others.
    rig.Write("upload/a.jpg.xmp", std::string_view("x"));
    EXPECT_EQ((co_await service.Check(asset)).status, queue::JobStatus::kSkipped);
    std::filesystem::remove(second);
    co_await service.Check(asset);
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT path FROM asset_file"), original + ".xmp");
    std::filesystem::remove(original + ".xmp");
    co_await service.Check(asset);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM asset_file"), 0);
  });
}

TEST(SidecarServiceTest, WrittenChangesComeBackThroughExtraction) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    SidecarService service(rig.db, rig.jobs, rig.media);
    MetadataService metadata(rig.context);
    const auto picture = media::testing::QuarteredJpeg({80, 60});
    const std::string original = rig.Write("upload/a.jpg", picture);
    const AssetId asset = co_await rig.AddAsset(original);
    EXPECT_EQ((co_await service.Write(asset)).status, queue::JobStatus::kSkipped);
    co_await rig.db.RunScript(
        R"(UPDATE asset_exif SET description = 'Ein Bild', rating = 3, tags = '{a/b}', latitude = 47.375, longitude = 8.5,
           "dateTimeOriginal" = '2022-07-01T10:00:00Z', "timeZone" = 'Europe/Zurich',
           "lockedProperties" = '{description,rating,tags,latitude,longitude,dateTimeOriginal,timeZone}')");
    EXPECT_EQ((co_await service.Write(asset)).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT path FROM asset_file WHERE type = 'sidecar'"), original + ".xmp");
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(\"lockedProperties\") FROM asset_exif"), 0);
    co_await metadata.Extract(asset);
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT description || rating || tags::text FROM asset_exif"),
              "Ein Bild3{a/b}");
    EXPECT_EQ(co_await QueryText(
                  rig.db, "SELECT round(latitude::numeric, 4) || ' ' || round(longitude::numeric, 4) FROM asset_exif"),
              "47.3750 8.5000");
    EXPECT_EQ(
        co_await QueryText(
            rig.db, "SELECT to_char(\"dateTimeOriginal\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM asset_exif"),
        "2022-07-01 10:00");
    EXPECT_EQ(co_await QueryText(
                  rig.db, "SELECT to_char(\"localDateTime\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM asset"),
              "2022-07-01 12:00");
  });
}

TEST(SidecarServiceTest, FailureKeepsTheLocks) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    SidecarService service(rig.db, rig.jobs, rig.media);
    const AssetId asset = co_await rig.AddAsset("/proc/a.jpg");
    co_await rig.db.RunScript(R"(UPDATE asset_exif SET description = 'x', "lockedProperties" = '{description}')");
    bool failed = false;
    try {
      co_await service.Write(asset);
    } catch (const InternalError&) {
      failed = true;
    }
    EXPECT_TRUE(failed);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(\"lockedProperties\") FROM asset_exif"), 1);
  });
}

}  // namespace
}  // namespace immich::metadata
