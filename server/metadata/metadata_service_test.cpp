#include "server/metadata/metadata_service.hpp"

#include <gtest/gtest.h>

#include "db/testing/query_value.hpp"
#include "media/testing/sample_pictures.hpp"
#include "platform/error/error.hpp"
#include "platform/process/captured_run.hpp"
#include "server/core/testing/worker_rig.hpp"

namespace immich::metadata {
namespace {

using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::WithWorkerRig;
using immich::testing::WorkerRig;

constexpr std::string_view kXmp = R"(<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  exif:DateTimeOriginal="2021-05-06T07:08:09+02:00" exif:GPSLatitude="47,22.2N" exif:GPSLongitude="8,32.4E"
  xmp:Rating="4">
  <dc:description><rdf:Alt><rdf:li xml:lang="x-default">From the sidecar</rdf:li></rdf:Alt></dc:description>
  <digiKam:TagsList><rdf:Seq><rdf:li>Places/Zurich</rdf:li><rdf:li>Lake</rdf:li></rdf:Seq></digiKam:TagsList>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>)";

Task<void> AddSidecar(WorkerRig& rig, AssetId asset, std::string path) {
  co_await rig.db.RunScript(fmt::format(
      "INSERT INTO asset_file (\"assetId\", type, path) VALUES ('{}', 'sidecar', '{}')", asset.ToString(), path));
}

TEST(MetadataServiceTest, ReadsSizeAndOrientation) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    MetadataService service(rig.context);
    const auto picture = media::testing::WithExifOrientation(media::testing::QuarteredJpeg({80, 60}), 6);
    const std::string path = rig.Write("upload/a.jpg", picture);
    const AssetId asset = co_await rig.AddAsset(path);
    EXPECT_EQ((co_await service.Extract(asset)).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(
        co_await QueryText(
            rig.db, "SELECT concat_ws(' ', orientation, \"exifImageWidth\", \"exifImageHeight\") FROM asset_exif"),
        "6 80 60");
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT concat_ws(' ', width, height) FROM asset"), "60 80");
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT \"fileSizeInByte\" FROM asset_exif"),
              static_cast<std::int64_t>(picture.size()));
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(\"metadataExtractedAt\") FROM asset_job_status"), 1);
    // No date anywhere: the earliest time known of the file, which is the row's.
    EXPECT_EQ(
        co_await QueryText(rig.db, "SELECT to_char(\"fileCreatedAt\" AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM asset"),
        "2020-01-01");
  });
}

TEST(MetadataServiceTest, SidecarWinsAndTagsBecomeATree) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    MetadataService service(rig.context);
    const auto picture = media::testing::QuarteredJpeg({80, 60});
    const std::string path = rig.Write("upload/a.jpg", picture);
    const AssetId asset = co_await rig.AddAsset(path);
    const std::string sidecar = rig.Write("upload/a.jpg.xmp", kXmp);
    co_await AddSidecar(rig, asset, sidecar);
    for (int run = 0; run < 2; ++run) {
      EXPECT_EQ((co_await service.Extract(asset)).status, queue::JobStatus::kSuccess);
      EXPECT_EQ(co_await QueryText(rig.db, "SELECT description FROM asset_exif"), "From the sidecar");
      EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT rating::bigint FROM asset_exif"), 4);
      EXPECT_EQ(
          co_await QueryText(
              rig.db, "SELECT round(latitude::numeric, 3) || ' ' || round(longitude::numeric, 3) FROM asset_exif"),
          "47.370 8.540");
      EXPECT_EQ(co_await QueryText(
                    rig.db, "SELECT to_char(\"fileCreatedAt\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM asset"),
                "2021-05-06 05:08:09");
      EXPECT_EQ(co_await QueryText(
                    rig.db, "SELECT to_char(\"localDateTime\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM asset"),
                "2021-05-06 07:08:09");
      EXPECT_EQ(co_await QueryText(rig.db, "SELECT string_agg(value, ',' ORDER BY value) FROM tag"),
                "Lake,Places,Places/Zurich");
      EXPECT_EQ(
          co_await QueryText(
              rig.db,
              "SELECT string_agg(t.value, ',' ORDER BY t.value) FROM tag_asset a JOIN tag t ON t.id = a.\"tagId\""),
          "Lake,Places/Zurich");
      EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM tag_closure"), 4);
    }
  });
}

TEST(MetadataServiceTest, LockedPropertiesSurvive) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    MetadataService service(rig.context);
    const auto picture = media::testing::QuarteredJpeg({80, 60});
    const std::string path = rig.Write("upload/a.jpg", picture);
    const AssetId asset = co_await rig.AddAsset(path);
    const std::string sidecar = rig.Write("upload/a.jpg.xmp", kXmp);
    co_await AddSidecar(rig, asset, sidecar);
    co_await rig.db.RunScript(
        R"(UPDATE asset_exif SET description = 'mine', rating = 1, tags = '{Mine}', "dateTimeOriginal" = '2000-01-01Z',
           "lockedProperties" = '{description,rating,tags,dateTimeOriginal}')");
    co_await service.Extract(asset);
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT description || rating || tags::text FROM asset_exif"), "mine1{Mine}");
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT to_char(\"fileCreatedAt\" AT TIME ZONE 'UTC', 'YYYY') FROM asset"),
              "2020");
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT string_agg(value, ',' ORDER BY value) FROM tag"), "Mine");
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT round(latitude)::bigint FROM asset_exif"), 47);
  });
}

TEST(MetadataServiceTest, NamesTheNearestPlace) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    MetadataService service(rig.context);
    co_await rig.db.RunScript(
        R"(INSERT INTO geodata_places (id, name, longitude, latitude, "countryCode", "admin1Name", "modificationDate") VALUES
             (1, 'Zürich', 8.55, 47.36667, 'CH', 'Zurich', '2020-01-01'), (2, 'Bern', 7.44744, 46.94809, 'CH', 'Bern', '2020-01-01'))");
    const auto picture = media::testing::QuarteredJpeg({80, 60});
    const std::string path = rig.Write("upload/a.jpg", picture);
    const AssetId asset = co_await rig.AddAsset(path);
    const std::string sidecar = rig.Write("upload/a.jpg.xmp", kXmp);
    co_await AddSidecar(rig, asset, sidecar);
    co_await service.Extract(asset);
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT concat_ws('/', country, state, city) FROM asset_exif"),
              "Switzerland/Zurich/Zürich");
  });
}

TEST(MetadataServiceTest, MissingFileFailsAndAbsentAssetIsSkipped) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    MetadataService service(rig.context);
    EXPECT_EQ((co_await service.Extract(AssetId::Random())).status, queue::JobStatus::kSkipped);
    const AssetId asset = co_await rig.AddAsset("/nowhere/a.jpg");
    std::string reason;
    try {
      co_await service.Extract(asset);
    } catch (const InternalError& error) {
      reason = error.detail();
    }
    EXPECT_FALSE(reason.empty());
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(\"metadataExtractedAt\") FROM asset_job_status"), 0);
    co_await service.QueueAll(false);
    EXPECT_EQ(rig.jobs.Names(), std::vector<std::string>{"AssetExtractMetadata"});
  });
}

TEST(MetadataServiceTest, LivePhotoPartsFindEachOther) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    LivePhotoLinker linker(rig.db, rig.events);
    const AssetId still = co_await rig.AddAsset("/a.heic");
    const AssetId video = co_await rig.AddAsset("/a.mov", "VIDEO");
    co_await rig.db.RunScript("UPDATE asset_exif SET \"livePhotoCID\" = 'CID-1'");
    MetadataSource source;
    source.id = video;
    source.owner = rig.owner;
    source.is_video = true;
    co_await linker.LinkByContentId(source, "CID-1");
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT \"livePhotoVideoId\"::text FROM asset WHERE type = 'IMAGE'"),
              video.ToString());
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT visibility::text FROM asset WHERE type = 'VIDEO'"), "hidden");
    (void)still;
  });
}

/// A JPEG with a "video" behind it, and the XMP that says so.
std::vector<std::uint8_t> MotionPhoto(const std::string& video) {
  std::vector<std::uint8_t> jpeg = media::testing::QuarteredJpeg({80, 60});
  const std::string packet = fmt::format(
      R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MicroVideo="1" GCamera:MicroVideoVersion="1" GCamera:MicroVideoOffset="{}"/></rdf:RDF></x:xmpmeta>)",
      video.size());
  const std::string name("http://ns.adobe.com/xap/1.0/\0", 29);
  const std::size_t length = 2 + name.size() + packet.size();
  std::vector<std::uint8_t> segment{0xFF, 0xE1, static_cast<std::uint8_t>(length >> 8),
                                    static_cast<std::uint8_t>(length)};
  segment.insert(segment.end(), name.begin(), name.end());
  segment.insert(segment.end(), packet.begin(), packet.end());
  jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
  jpeg.insert(jpeg.end(), video.begin(), video.end());
  return jpeg;
}

TEST(MetadataServiceTest, VideoInsideAPhotoBecomesAHiddenAsset) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    MetadataService service(rig.context);
    const std::string video = std::string(
                                  "\0\0\0\x18"
                                  "ftypmp42",
                                  12) +
                              std::string(500, 'v');
    const std::string path = rig.Write("upload/a.jpg", MotionPhoto(video));
    const AssetId still = co_await rig.AddAsset(path, "IMAGE", "MVIMG_1.jpg");
    EXPECT_EQ((co_await service.Extract(still)).status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await QueryText(
                  rig.db, "SELECT visibility::text || ' ' || \"originalFileName\" FROM asset WHERE type = 'VIDEO'"),
              "hidden MVIMG_1.mp4");
    const std::string stored = co_await QueryText(rig.db, "SELECT \"originalPath\" FROM asset WHERE type = 'VIDEO'");
    EXPECT_TRUE(stored.ends_with("-MP.mp4"));
    EXPECT_EQ(std::filesystem::file_size(stored), video.size());
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT \"quotaUsageInBytes\" FROM \"user\""),
              static_cast<std::int64_t>(video.size()));
    EXPECT_EQ(
        co_await QueryNumber(rig.db, "SELECT count(*) FROM asset s JOIN asset v ON v.id = s.\"livePhotoVideoId\""), 1);
    EXPECT_EQ(rig.jobs.Names(), std::vector<std::string>{"AssetExtractMetadata"});
    // Again finds what is there.
    co_await service.Extract(still);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM asset"), 2);
    EXPECT_EQ(rig.FilesBelow("encoded-video"), 1);
    EXPECT_EQ(rig.jobs.queued.size(), 1);
  });
}

TEST(MetadataServiceTest, VideosGetDurationStreamsAndKeyFrames) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    MetadataService service(rig.context);
    const std::string path = rig.folder / "a.mp4";
    process::ChildOptions ffmpeg;
    ffmpeg.program = "ffmpeg";
    ffmpeg.arguments = {"-v", "error", "-f", "lavfi",    "-i",       "testsrc=d=2:s=64x48:r=10",
                        "-f", "lavfi", "-i", "sine=d=2", "-pix_fmt", "yuv420p",
                        "-g", "5",     path};
    const process::CapturedRun made = co_await process::RunAndCapture(std::move(ffmpeg));
    EXPECT_TRUE(made.ok()) << made.error;
    const AssetId asset = co_await rig.AddAsset(path, "VIDEO", "a.mp4");
    for (int run = 0; run < 2; ++run) {
      EXPECT_EQ((co_await service.Extract(asset)).status, queue::JobStatus::kSuccess);
      EXPECT_EQ(co_await QueryText(rig.db, "SELECT concat_ws(' ', width, height, duration) FROM asset"), "64 48 2000");
      EXPECT_EQ(co_await QueryText(
                    rig.db, "SELECT concat_ws(' ', \"codecName\", \"pixelFormat\", \"frameCount\") FROM asset_video"),
                "h264 yuv420p 20");
      EXPECT_EQ(co_await QueryText(rig.db, "SELECT \"codecName\" FROM asset_audio"), "aac");
      EXPECT_EQ(
          co_await QueryText(rig.db, "SELECT concat_ws(' ', cardinality(pts), \"packetCount\") FROM asset_keyframe"),
          "4 20");
      EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT fps::bigint FROM asset_exif"), 10);
    }
  });
}

TEST(MetadataServiceTest, ABrokenVideoFails) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    MetadataService service(rig.context);
    const std::string path = rig.Write("a.mp4", std::string_view("this is no video"));
    const AssetId asset = co_await rig.AddAsset(path, "VIDEO", "a.mp4");
    bool failed = false;
    try {
      co_await service.Extract(asset);
    } catch (const InternalError&) {
      failed = true;
    }
    EXPECT_TRUE(failed);
  });
}

TEST(MetadataServiceTest, FacesOfTheFileBecomePeopleWhenAskedFor) {
  WithWorkerRig([](WorkerRig& rig) -> Task<void> {
    const AssetId asset = co_await rig.AddAsset("/a.jpg");
    co_await rig.db.RunScript("INSERT INTO person (\"ownerId\", name) SELECT id, 'ada' FROM \"user\"");
    MetadataSource source;
    source.id = asset;
    source.owner = rig.owner;
    const std::vector<media::FaceRegionReport> faces{
        {.name = "Ada", .x1 = 1, .y1 = 2, .x2 = 30, .y2 = 40, .image_width = 100, .image_height = 80},
        {.name = "Bob", .x1 = 50, .y1 = 2, .x2 = 70, .y2 = 40, .image_width = 100, .image_height = 80}};
    MetadataStore store(rig.db);
    EXPECT_EQ((co_await store.ReplaceFaces(source, faces)).size(), 1);
    EXPECT_EQ((co_await store.ReplaceFaces(source, faces)).size(), 0);
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM asset_face"), 2);
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT string_agg(name, ',' ORDER BY name) FROM person"), "ada,Bob");
  });
}

}  // namespace
}  // namespace immich::metadata
