#include "server/assets/asset_change.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/assets/asset_copy.hpp"
#include "server/assets/testing/asset_rig.hpp"

namespace immich::assets {
namespace {

using immich::testing::AssetRig;
using immich::testing::ReadFile;
using immich::testing::Refusal;
using immich::testing::WithAssets;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Changing {
  explicit Changing(AssetRig& assets)
      : rig(assets), change(rig.db, rig.access, rig.jobs, rig.events, rig.paths), copy(rig.db, rig.access, rig.jobs) {}

  Task<AssetId> Add(std::string content, std::string name = "photo.jpg") {
    const AssetId id = co_await rig.Add(auth, std::move(content), std::move(name));
    rig.TakeJobs();
    co_return id;
  }
  Task<void> Update(AssetId id, api::UpdateAssetDto wanted) { co_await change.Update(auth, id, std::move(wanted)); }
  Task<void> UpdateMany(std::vector<AssetId> ids, api::AssetBulkUpdateDto wanted) {
    for (const AssetId id : ids) wanted.ids.push_back(id.value);
    co_await change.UpdateMany(auth, std::move(wanted));
  }
  /// Columns of `asset a JOIN asset_exif e`, joined by blanks; `-` for null.
  Task<std::string> Show(AssetId id, std::string columns) {
    std::string query = "SELECT array_to_string(ARRAY[";
    query += columns;
    query += R"(]::text[], ' ', '-') FROM asset a JOIN asset_exif e ON e."assetId" = a.id WHERE a.id = ')";
    co_return co_await rig.Text(query + id.ToString() + "'");
  }

  AssetRig& rig;
  AuthContext auth;
  AssetChange change;
  AssetCopy copy;
};

void WithChanging(const std::function<Task<void>(Changing&)>& body) {
  WithAssets([&](AssetRig& rig) -> Task<void> {
    Changing changing(rig);
    changing.auth = co_await rig.SignIn("a@example.com");
    co_await body(changing);
  });
}

constexpr char kLocked[] = R"((SELECT string_agg(p, ',' ORDER BY p) FROM unnest(e."lockedProperties") p))";

TEST(AssetChangeTest, LocksWhatExtractionWouldOverwrite) {
  WithChanging([](Changing& test) -> Task<void> {
    const AssetId id = co_await test.Add("photo");
    api::UpdateAssetDto wanted;
    wanted.is_favorite = true;
    wanted.visibility = api::AssetVisibility::kArchive;
    co_await test.Update(id, wanted);
    EXPECT_EQ(co_await test.Show(id, std::string(R"(a."isFavorite"::text, a.visibility::text, )") + kLocked),
              "true archive -");
    EXPECT_THAT(test.rig.TakeJobs(), IsEmpty()) << "nothing for the sidecar";

    wanted = {};
    wanted.description = "by hand";
    wanted.rating = 5;
    co_await test.Update(id, wanted);
    EXPECT_EQ(co_await test.Show(id, std::string("e.description, e.rating::text, ") + kLocked),
              "by hand 5 description,rating");
    EXPECT_THAT(test.rig.TakeJobs(), ElementsAre("SidecarWrite " + JobDataWithId(id.value)));

    wanted = {};
    wanted.rating = json::Maybe<std::int64_t>::Null();
    wanted.latitude = -33.5;
    wanted.longitude = 151.25;
    co_await test.Update(id, wanted);
    EXPECT_EQ(co_await test.Show(
                  id, std::string("e.description, e.rating::text, e.latitude::text, e.longitude::text, ") + kLocked),
              "by hand - -33.5 151.25 description,latitude,longitude,rating");
  });
}

TEST(AssetChangeTest, SetsDatesWithTheirWallClock) {
  WithChanging([](Changing& test) -> Task<void> {
    const AssetId id = co_await test.Add("photo");
    const std::string dates =
        R"(e."dateTimeOriginal" AT TIME ZONE 'UTC', e."timeZone", a."fileCreatedAt" AT TIME ZONE 'UTC',
           a."localDateTime" AT TIME ZONE 'UTC')";
    api::UpdateAssetDto wanted;
    wanted.date_time_original = "2020-05-06T07:08:09.000+02:00";
    co_await test.Update(id, wanted);
    EXPECT_EQ(co_await test.Show(id, dates), "2020-05-06 05:08:09 UTC+2 2020-05-06 05:08:09 2020-05-06 07:08:09");
    wanted.date_time_original = "2020-01-01T00:00:00Z";
    co_await test.Update(id, wanted);
    EXPECT_EQ(co_await test.Show(id, dates), "2020-01-01 00:00:00 UTC 2020-01-01 00:00:00 2020-01-01 00:00:00");
    wanted.date_time_original = "2021-01-01T10:00:00";
    co_await test.Update(id, wanted);
    EXPECT_EQ(co_await test.Show(id, R"(e."dateTimeOriginal" AT TIME ZONE 'UTC')"), "2021-01-01 10:00:00");
    for (const char* text : {"yesterday", "2021-13-01T00:00:00Z", ""}) {
      wanted.date_time_original = text;
      EXPECT_EQ(co_await Refusal(test.Update(id, wanted)), "400 Validation failed") << text;
    }
  });
}

TEST(AssetChangeTest, MovesDatesAndZonesOfMany) {
  WithChanging([](Changing& test) -> Task<void> {
    const AssetId first = co_await test.Add("1"), second = co_await test.Add("2");
    co_await test.rig.Sql(R"(UPDATE asset_exif SET "dateTimeOriginal" = '2022-07-01T00:30:00Z';
                             UPDATE asset SET "localDateTime" = '2022-07-01T00:30:00Z')");
    const std::string dates =
        R"(e."dateTimeOriginal" AT TIME ZONE 'UTC', e."timeZone", a."fileCreatedAt" AT TIME ZONE 'UTC',
           a."localDateTime" AT TIME ZONE 'UTC')";
    api::AssetBulkUpdateDto wanted;
    wanted.date_time_relative = -60;
    co_await test.UpdateMany({first, second}, wanted);
    for (const AssetId id : {first, second}) {
      EXPECT_EQ(co_await test.Show(id, dates), "2022-06-30 23:30:00 - 2022-06-30 23:30:00 2022-06-30 23:30:00");
    }
    wanted = {};
    wanted.time_zone = "Asia/Tokyo";
    co_await test.UpdateMany({first}, wanted);
    EXPECT_EQ(co_await test.Show(first, dates),
              "2022-06-30 23:30:00 Asia/Tokyo 2022-06-30 23:30:00 2022-07-01 08:30:00");
    wanted.time_zone = "UTC-3:30";
    co_await test.UpdateMany({first}, wanted);
    EXPECT_EQ(co_await test.Show(first, dates), "2022-06-30 23:30:00 UTC-3:30 2022-06-30 23:30:00 2022-06-30 20:00:00");
    EXPECT_EQ(co_await test.Show(first, kLocked), "dateTimeOriginal,timeZone");
    wanted.time_zone = "Nowhere/Land";
    EXPECT_EQ(co_await Refusal(test.UpdateMany({first}, wanted)), "400 Validation failed");
    wanted = {};
    wanted.date_time_relative = 5;
    wanted.date_time_original = "2020-01-01T00:00:00Z";
    EXPECT_EQ(co_await Refusal(test.UpdateMany({first}, wanted)), "400 Validation failed");
    wanted = {};
    wanted.date_time_relative = 9'007'199'254'740'991;
    EXPECT_EQ(co_await Refusal(test.UpdateMany({first}, wanted)), "400 Validation failed");
  });
}

TEST(AssetChangeTest, ManyAreChangedAllOrNone) {
  WithChanging([](Changing& test) -> Task<void> {
    const AssetId own = co_await test.Add("own");
    const AuthContext other = co_await test.rig.SignIn("b@example.com");
    const AssetId theirs = co_await test.rig.Add(other, "theirs");
    test.rig.TakeJobs();
    api::AssetBulkUpdateDto wanted;
    wanted.is_favorite = true;
    wanted.duplicate_id = Uuid::Random().ToString();
    EXPECT_EQ(co_await Refusal(test.UpdateMany({own, theirs}, wanted)), "400 Not found or no asset.update access");
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT count(*) FROM asset WHERE "isFavorite")"), 0);
    co_await test.UpdateMany({own}, wanted);
    EXPECT_EQ(co_await test.Show(own, R"(a."duplicateId"::text)"), *wanted.duplicate_id);
    EXPECT_THAT(test.rig.TakeJobs(), ElementsAre("SidecarWrite " + JobDataWithId(own.value)));
    wanted = {};
    wanted.duplicate_id = json::Maybe<std::string>::Null();
    co_await test.UpdateMany({own}, wanted);
    EXPECT_EQ(co_await test.Show(own, R"(a."duplicateId"::text, a."isFavorite"::text)"), "- true");
  });
}

TEST(AssetChangeTest, RefusesHalfAPlaceAndRatingZero) {
  WithChanging([](Changing& test) -> Task<void> {
    const AssetId id = co_await test.Add("photo");
    api::UpdateAssetDto wanted;
    wanted.latitude = 1;
    EXPECT_EQ(co_await Refusal(test.Update(id, wanted)), "400 Validation failed");
    wanted = {};
    wanted.rating = 0;
    EXPECT_EQ(co_await Refusal(test.Update(id, wanted)), "400 Validation failed");
    wanted.rating = -1;
    EXPECT_EQ(co_await Refusal(test.Update(id, wanted)), "accepted");
  });
}

TEST(AssetChangeTest, LockedAssetsLeaveTheirAlbums) {
  WithChanging([](Changing& test) -> Task<void> {
    const AssetId id = co_await test.Add("photo"), open = co_await test.Add("open");
    co_await test.rig.Sql(R"(WITH made AS (INSERT INTO album ("albumName") VALUES ('a') RETURNING id)
                             INSERT INTO album_asset ("albumId", "assetId") SELECT made.id, asset.id FROM made, asset)");
    api::UpdateAssetDto wanted;
    wanted.visibility = api::AssetVisibility::kLocked;
    co_await test.Update(id, wanted);
    EXPECT_EQ(co_await test.rig.Text(R"(SELECT "assetId"::text FROM album_asset)"), open.ToString());
    wanted.visibility = api::AssetVisibility::kTimeline;
    EXPECT_EQ(co_await Refusal(test.Update(id, wanted)), "400 Not found or no asset.update access")
        << "without the PIN";
  });
}

TEST(AssetChangeTest, JoinsAndPartsLivePhotos) {
  WithChanging([](Changing& test) -> Task<void> {
    const AssetId still = co_await test.Add("still"), video = co_await test.Add("video", "live.mov");
    api::UpdateAssetDto wanted;
    wanted.live_photo_video_id = video.value;
    co_await test.Update(still, wanted);
    EXPECT_EQ(co_await test.Show(still, R"(a."livePhotoVideoId"::text)"), video.ToString());
    EXPECT_EQ(co_await test.Show(video, "a.visibility::text"), "hidden");
    EXPECT_THAT(test.rig.TakeJobs(), IsEmpty());
    wanted.live_photo_video_id = json::Maybe<Uuid>::Null();
    wanted.visibility = api::AssetVisibility::kArchive;
    co_await test.Update(still, wanted);
    EXPECT_EQ(co_await test.Show(still, R"(a."livePhotoVideoId"::text)"), "-");
    EXPECT_EQ(co_await test.Show(video, "a.visibility::text"), "archive");
    EXPECT_THAT(test.rig.TakeJobs(),
                ElementsAre(fmt::format(R"(AssetGenerateThumbnails {{"id":"{}","notify":true}})", video.ToString())));
    wanted = {};
    wanted.live_photo_video_id = still.value;
    EXPECT_EQ(co_await Refusal(test.Update(video, wanted)), "400 Live photo video must be a video");
    wanted.live_photo_video_id = video.value;
    EXPECT_EQ(co_await Refusal(test.Update(video, wanted)), "400 Live photo video must be another asset");

    co_await test.Update(still, wanted);
    const std::string motion = test.rig.paths.MotionVideo(test.auth.user.id, video.value);
    co_await test.rig.Sql(
        fmt::format(R"(UPDATE asset SET "originalPath" = '{}' WHERE id = '{}')", motion, video.ToString()));
    wanted.live_photo_video_id = json::Maybe<Uuid>::Null();
    wanted.is_favorite = true;
    EXPECT_EQ(co_await Refusal(test.Update(still, wanted)), "400 Cannot unlink Android motion photos");
    EXPECT_EQ(co_await test.Show(still, R"(a."isFavorite"::text)"), "false") << "nothing of a refused change is kept";
  });
}

api::AssetCopyDto CopyOf(AssetId source, AssetId target) {
  api::AssetCopyDto request;
  request.source_id = source.value;
  request.target_id = target.value;
  return request;
}

TEST(AssetCopyTest, GivesTheTargetWhatTheSourceHas) {
  WithChanging([](Changing& test) -> Task<void> {
    const AssetId source = co_await test.Add("source"), target = co_await test.Add("target");
    const std::string user = test.auth.user.id.ToString();
    const std::string sidecar = test.rig.MakeFile("upload/source.xmp", "<x/>");
    const std::string obsolete = test.rig.MakeFile("upload/target.xmp", "<old/>");
    co_await test.rig.Sql(fmt::format(R"(
      UPDATE asset SET "isFavorite" = true WHERE id = '{0}';
      WITH made AS (INSERT INTO album ("albumName") VALUES ('a') RETURNING id)
      INSERT INTO album_asset ("albumId", "assetId") SELECT id, '{0}' FROM made;
      WITH made AS (INSERT INTO shared_link (key, type, "userId") VALUES ('\x01', 'INDIVIDUAL', '{2}') RETURNING id)
      INSERT INTO shared_link_asset ("sharedLinkId", "assetId") SELECT id, '{0}' FROM made;
      WITH made AS (INSERT INTO stack ("primaryAssetId", "ownerId") VALUES ('{0}', '{2}') RETURNING id)
      UPDATE asset SET "stackId" = made.id FROM made WHERE asset.id = '{0}';
      INSERT INTO asset_file ("assetId", type, path) VALUES ('{0}', 'sidecar', '{3}'), ('{1}', 'sidecar', '{4}'))",
                                      source.ToString(), target.ToString(), user, sidecar, obsolete));
    api::AssetCopyDto nothing = CopyOf(source, target);
    nothing.albums = nothing.favorite = nothing.shared_links = nothing.sidecar = nothing.stack = false;
    co_await test.copy.Copy(test.auth, nothing);
    EXPECT_EQ(co_await test.Show(target, R"(a."isFavorite"::text, a."stackId"::text)"), "false -");
    EXPECT_THAT(test.rig.TakeJobs(), IsEmpty());

    co_await test.copy.Copy(test.auth, CopyOf(source, target));
    EXPECT_EQ(co_await test.Show(target, R"(a."isFavorite"::text)"), "true");
    EXPECT_EQ(co_await test.rig.Number("SELECT count(*) FROM album_asset"), 2);
    EXPECT_EQ(co_await test.rig.Number("SELECT count(*) FROM shared_link_asset"), 2);
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT count(*) FROM asset WHERE "stackId" IS NOT NULL)"), 2);
    const std::string copied =
        co_await test.Show(target, R"((SELECT path FROM asset_file f WHERE f."assetId" = a.id))");
    EXPECT_EQ(copied, co_await test.Show(target, R"(a."originalPath")") + ".xmp");
    EXPECT_EQ(ReadFile(copied), "<x/>");
    EXPECT_FALSE(std::filesystem::exists(obsolete));
    EXPECT_TRUE(std::filesystem::exists(sidecar));
    EXPECT_THAT(test.rig.TakeJobs(), ElementsAre("AssetExtractMetadata " + JobDataWithSource(target.value, "copy")));
    EXPECT_EQ(co_await Refusal(test.copy.Copy(test.auth, CopyOf(source, target))), "accepted") << "again";
    EXPECT_EQ(co_await Refusal(test.copy.Copy(test.auth, CopyOf(source, source))),
              "400 Source and target must be two assets");
  });
}

TEST(AssetCopyTest, MergesTwoStacks) {
  WithChanging([](Changing& test) -> Task<void> {
    std::vector<AssetId> ids;
    for (const char* content : {"1", "2", "3", "4"}) ids.push_back(co_await test.Add(content));
    for (const int first : {0, 2}) {
      co_await test.rig.Sql(fmt::format(R"(
        WITH made AS (INSERT INTO stack ("primaryAssetId", "ownerId") VALUES ('{0}', '{2}') RETURNING id)
        UPDATE asset SET "stackId" = made.id FROM made WHERE asset.id IN ('{0}', '{1}'))",
                                        ids[first].ToString(), ids[first + 1].ToString(),
                                        test.auth.user.id.ToString()));
    }
    co_await test.copy.Copy(test.auth, CopyOf(ids[0], ids[3]));
    EXPECT_EQ(co_await test.rig.Text(R"(SELECT "primaryAssetId"::text FROM stack)"), ids[2].ToString());
    EXPECT_EQ(co_await test.rig.Number(R"(SELECT count(*) FROM asset JOIN stack ON stack.id = asset."stackId")"), 4);
  });
}

}  // namespace
}  // namespace immich::assets
