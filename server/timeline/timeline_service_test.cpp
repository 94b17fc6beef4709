#include "server/timeline/timeline_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "db/testing/migrated_database.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::timeline {
namespace {

using immich::testing::InsertAsset;
using immich::testing::InsertUser;
using immich::testing::MigratedDatabase;
using immich::testing::SignedIn;
using immich::testing::WithPool;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

struct Rig {
  Task<std::string> Buckets(TimelineRequest request = {}) {
    const LibraryCache::Body body = co_await service.Buckets(SignedIn(user), std::move(request));
    co_return body->text();
  }
  Task<std::vector<AssetId>> Ids(std::string month, TimelineRequest request = {}) {
    const LibraryCache::Body body = co_await service.Bucket(SignedIn(user), std::move(request), month);
    const boost::json::value bucket = boost::json::parse(body->text());
    std::vector<AssetId> ids;
    for (const auto& id : bucket.at("id").as_array()) ids.emplace_back(*Uuid::Parse(std::string(id.as_string())));
    for (const auto& [name, column] : bucket.as_object()) EXPECT_EQ(column.as_array().size(), ids.size()) << name;
    co_return ids;
  }

  pg::Pool& db;
  UserId user;
  Access access{db};
  std::shared_ptr<LibraryCache> library = std::make_shared<LibraryCache>(db);
  TimelineService service{db, access, library};
};

void WithTimeline(const std::function<Task<void>(Rig&)>& body) {
  const MigratedDatabase database;
  WithPool(database, [&](pg::Pool& db) -> Task<void> {
    const UserId user = co_await InsertUser(db, "a@example.com");
    Rig rig{db, user};
    co_await body(rig);
  });
}

TEST(TimelineServiceTest, CountsByLocalMonthAndSeesChangesAtOnce) {
  WithTimeline([](Rig& rig) -> Task<void> {
    EXPECT_EQ(co_await rig.Buckets(), "[]");
    co_await InsertAsset(rig.db, {.owner = rig.user, .taken = "2024-01-01T09:00:00Z", .local = "2023-12-31T23:00:00Z"});
    const AssetId may = co_await InsertAsset(rig.db, {.owner = rig.user, .taken = "2024-05-01T00:00:00Z"});
    EXPECT_EQ(co_await rig.Buckets(),
              R"([{"count":1,"timeBucket":"2024-05-01"},{"count":1,"timeBucket":"2023-12-01"}])");
    EXPECT_THAT(co_await rig.Ids("2024-05-01"), ElementsAre(may));
    EXPECT_THAT(co_await rig.Ids("+2024-05-01"), ElementsAre(may));
    EXPECT_THAT(co_await rig.Ids("2024-01-01"), ElementsAre());
    co_await rig.db.RunScript(R"(UPDATE asset SET "deletedAt" = now() WHERE id = ')" + may.ToString() + "'");
    EXPECT_EQ(co_await rig.Buckets(), R"([{"count":1,"timeBucket":"2023-12-01"}])");
    EXPECT_THAT(co_await rig.Ids("2024-05-01"), ElementsAre());
    TimelineRequest trash;
    trash.is_trashed = true;
    EXPECT_THAT(co_await rig.Ids("2024-05-01", trash), ElementsAre(may));
  });
}

TEST(TimelineServiceTest, OrdersByLocalDayThenInstant) {
  WithTimeline([](Rig& rig) -> Task<void> {
    const AssetId late = co_await InsertAsset(
        rig.db, {.owner = rig.user, .taken = "2024-05-10T10:00:00Z", .local = "2024-05-10T12:00:00Z"});
    const AssetId early = co_await InsertAsset(rig.db, {.owner = rig.user, .taken = "2024-05-10T08:00:00Z"});
    const AssetId next_day = co_await InsertAsset(
        rig.db, {.owner = rig.user, .taken = "2024-05-10T07:00:00Z", .local = "2024-05-11T01:00:00Z"});
    EXPECT_THAT(co_await rig.Ids("2024-05-01"), ElementsAre(next_day, late, early));
    TimelineRequest ascending;
    ascending.ascending = true;
    EXPECT_THAT(co_await rig.Ids("2024-05-01", ascending), ElementsAre(early, late, next_day));
  });
}

TEST(TimelineServiceTest, FiltersByBoxAcrossTheAntimeridian) {
  WithTimeline([](Rig& rig) -> Task<void> {
    const AssetId fiji = co_await InsertAsset(rig.db, {.owner = rig.user, .latitude = -17.7, .longitude = 178.1});
    const AssetId samoa = co_await InsertAsset(rig.db, {.owner = rig.user, .latitude = -13.8, .longitude = -171.8});
    const AssetId berlin = co_await InsertAsset(rig.db, {.owner = rig.user, .latitude = 52.5, .longitude = 13.4});
    TimelineRequest request;
    request.bounding_box = "170,-20,-170,-10";
    EXPECT_THAT(co_await rig.Ids("2024-01-01", request), UnorderedElementsAre(fiji, samoa));
    request.bounding_box = "10,50,15,55";
    EXPECT_THAT(co_await rig.Ids("2024-01-01", request), ElementsAre(berlin));
    co_await rig.db.RunScript("UPDATE asset_exif SET latitude = 0 WHERE latitude > 50");
    EXPECT_THAT(co_await rig.Ids("2024-01-01", request), ElementsAre());
  });
}

TEST(TimelineServiceTest, HidesAllButThePrimaryOfAStack) {
  WithTimeline([](Rig& rig) -> Task<void> {
    const AssetId primary = co_await InsertAsset(rig.db, {.owner = rig.user});
    const AssetId child = co_await InsertAsset(rig.db, {.owner = rig.user});
    TimelineRequest stacked;
    stacked.with_stacked = true;
    EXPECT_THAT(co_await rig.Ids("2024-01-01", stacked), UnorderedElementsAre(primary, child));
    co_await rig.db.RunScript(fmt::format(R"(WITH made AS (
  INSERT INTO stack ("primaryAssetId", "ownerId") VALUES ('{}', '{}') RETURNING id)
UPDATE asset SET "stackId" = made.id FROM made)",
                                          primary.ToString(), rig.user.ToString()));
    EXPECT_THAT(co_await rig.Ids("2024-01-01", stacked), ElementsAre(primary));
    EXPECT_THAT(co_await rig.Ids("2024-01-01"), UnorderedElementsAre(primary, child));
    co_await rig.db.RunScript(fmt::format(R"(UPDATE stack SET "primaryAssetId" = '{}')", child.ToString()));
    EXPECT_THAT(co_await rig.Ids("2024-01-01", stacked), ElementsAre(child));
  });
}

TEST(TimelineServiceTest, FollowsTagsAndAlbumsThatAreNotCached) {
  WithTimeline([](Rig& rig) -> Task<void> {
    const AssetId asset = co_await InsertAsset(rig.db, {.owner = rig.user});
    pg::Params params{rig.user};
    const pg::Result made = co_await rig.db.RunDynamic(
        R"(INSERT INTO tag ("userId", value) VALUES ($1, 'trip') RETURNING id)", std::move(params));
    TimelineRequest request;
    request.tag = made[0].Get<TagId>(0);
    const std::string tag = request.tag->ToString();
    co_await rig.db.RunScript(fmt::format("INSERT INTO tag_closure VALUES ('{0}', '{0}') ON CONFLICT DO NOTHING", tag));
    EXPECT_THAT(co_await rig.Ids("2024-01-01", request), ElementsAre());
    co_await rig.db.RunScript(
        fmt::format(R"(INSERT INTO tag_asset ("tagId", "assetId") VALUES ('{}', '{}'))", tag, asset.ToString()));
    EXPECT_THAT(co_await rig.Ids("2024-01-01", request), ElementsAre(asset));
  });
}

TEST(TimelineServiceTest, RefusesStrangersAndWrongParameters) {
  WithTimeline([](Rig& rig) -> Task<void> {
    TimelineRequest stranger;
    stranger.user = co_await InsertUser(rig.db, "b@example.com");
    bool is_refused = false;
    try {
      co_await rig.Buckets(stranger);
    } catch (const BadRequest&) {
      is_refused = true;
    }
    EXPECT_TRUE(is_refused);
    TimelineRequest locked;
    locked.visibility = "locked";
    bool is_unauthorized = false;
    try {
      co_await rig.Buckets(locked);
    } catch (const Unauthorized&) {
      is_unauthorized = true;
    }
    EXPECT_TRUE(is_unauthorized);
  });
}

TEST(BoundingBoxTest, TakesFourNumbersInRange) {
  EXPECT_TRUE(BoundingBox::Parse("170,-20,-170,-10"));
  for (const std::string_view wrong :
       {"", "1,2,3", "a,b,c,d", "1,2,3,4,5", "0,60,10,50", "0,-95,10,0", "-200,0,0,10", "1,2,3,nan"}) {
    EXPECT_FALSE(BoundingBox::Parse(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace immich::timeline
