#include "server/map/map_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "db/testing/migrated_database.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich::map {
namespace {

using immich::testing::InsertAsset;
using immich::testing::InsertUser;
using immich::testing::MigratedDatabase;
using immich::testing::SignedIn;
using immich::testing::WithPool;
using ::testing::ElementsAre;

TEST(MapServiceTest, ShowsWhatItIsAskedFor) {
  const MigratedDatabase database;
  WithPool(database, [](pg::Pool& db) -> Task<void> {
    const UserId user = co_await InsertUser(db, "a@example.com");
    const UserId partner = co_await InsertUser(db, "b@example.com");
    const auto add = [&db](UserId owner, std::string city, std::string taken, std::string visibility) -> Task<AssetId> {
      co_return co_await InsertAsset(
          db,
          {.owner = owner, .taken = taken, .visibility = visibility, .city = city, .latitude = 1.5, .longitude = -2});
    };
    co_await add(user, "own", "2024-01-04T00:00:00Z", "timeline");
    co_await add(user, "archive", "2024-01-03T00:00:00Z", "archive");
    co_await add(partner, "partner", "2024-01-02T00:00:00Z", "timeline");
    co_await add(partner, "partner archive", "2024-01-01T00:00:00Z", "archive");
    co_await InsertAsset(db, {.owner = user, .city = "nowhere"});
    pg::Params params{partner, user};
    co_await db.RunDynamic(R"(INSERT INTO partner ("sharedById", "sharedWithId") VALUES ($1, $2))", std::move(params));
    MapService service(db, std::make_shared<LibraryCache>(db));
    const auto cities = [&](api::GetMapMarkers::Input request) -> Task<std::vector<std::string>> {
      const LibraryCache::Body body = co_await service.Markers(SignedIn(user), std::move(request));
      std::vector<std::string> found;
      const boost::json::value markers = boost::json::parse(body->text());
      for (const auto& marker : markers.as_array()) {
        found.emplace_back(marker.at("city").as_string());
        EXPECT_EQ(marker.at("lat").to_number<double>(), 1.5);
        EXPECT_EQ(marker.at("lon").to_number<double>(), -2);
      }
      co_return found;
    };
    api::GetMapMarkers::Input request;
    EXPECT_THAT(co_await cities(request), ElementsAre("own"));
    request.is_archived = true;
    EXPECT_THAT(co_await cities(request), ElementsAre("own", "archive"));
    request.with_partners = true;
    EXPECT_THAT(co_await cities(request), ElementsAre("own", "archive", "partner"));
    request.with_shared_albums = true;
    EXPECT_THAT(co_await cities(request), ElementsAre("own", "archive", "partner"));
    request = {};
    request.file_created_before = *ParseIso("2024-01-01T00:00:00Z");
    EXPECT_THAT(co_await cities(request), ElementsAre());
    co_await db.RunScript("UPDATE asset_exif SET city = 'moved' WHERE city = 'own'");
    EXPECT_THAT(co_await cities({}), ElementsAre("moved"));
  });
}

}  // namespace
}  // namespace immich::map
