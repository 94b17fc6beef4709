#include "server/search/search_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <set>

#include "db/testing/migrated_database.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/access.hpp"
#include "server/core/testing/library_rows.hpp"
#include "server/search/discovery_service.hpp"

namespace immich::search {
namespace {

using immich::testing::AssetRow;
using immich::testing::InsertAsset;
using immich::testing::InsertUser;
using immich::testing::MigratedDatabase;
using immich::testing::SignedIn;
using immich::testing::WithPool;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Page {
  std::vector<std::string> names;
  std::optional<std::string> next_page, next_cursor;
};

std::optional<std::string> TextOrNull(const boost::json::value& value) {
  return value.is_null() ? std::nullopt : std::optional(std::string(value.as_string()));
}

struct Rig {
  Task<Page> Search(api::MetadataSearchDto request) {
    const LibraryCache::Body body = co_await service.Metadata(SignedIn(user), std::move(request));
    const boost::json::value answer = boost::json::parse(body->text());
    const boost::json::value& assets = answer.at("assets");
    Page page;
    for (const auto& item : assets.at("items").as_array()) {
      page.names.emplace_back(item.at("originalFileName").as_string());
    }
    page.next_page = TextOrNull(assets.at("nextPage"));
    page.next_cursor = TextOrNull(assets.at("nextCursor"));
    co_return page;
  }
  Task<std::vector<std::string>> Names(api::SearchFilter filter) {
    api::MetadataSearchDto request;
    request.filter = std::move(filter);
    const Page page = co_await Search(std::move(request));
    co_return page.names;
  }
  Task<std::vector<std::string>> AllByCursor(api::SearchOrder order, std::int64_t size) {
    std::vector<std::string> names;
    std::optional<std::string> cursor;
    do {
      api::MetadataSearchDto request;
      request.order_by = order;
      request.size = size;
      request.cursor = cursor;
      const Page page = co_await Search(std::move(request));
      names.insert(names.end(), page.names.begin(), page.names.end());
      cursor = page.next_cursor;
    } while (cursor && names.size() < 100);
    co_return names;
  }
  Task<AssetId> Add(AssetRow row) {
    row.owner = user;
    co_return co_await InsertAsset(db, std::move(row));
  }

  pg::Pool& db;
  UserId user;
  Access access{db};
  std::shared_ptr<LibraryCache> library = std::make_shared<LibraryCache>(db);
  SearchService service{db, access, library};
  DiscoveryService discovery{db, library};
};

void WithSearch(const std::function<Task<void>(Rig&)>& body) {
  const MigratedDatabase database;
  WithPool(database, [&](pg::Pool& db) -> Task<void> {
    const UserId user = co_await InsertUser(db, "a@example.com");
    Rig rig{db, user};
    co_await body(rig);
  });
}

Task<void> AddFour(Rig& rig) {
  co_await rig.Add({.owner = {},
                    .taken = "2020-01-01T00:00:00Z",
                    .name = "Zürich.jpg",
                    .city = "Zürich",
                    .make = "Canon",
                    .rating = 5,
                    .size_bytes = 10});
  co_await rig.Add({.owner = {},
                    .taken = "2021-01-01T00:00:00Z",
                    .name = "100%.jpg",
                    .is_favorite = true,
                    .city = "Paris",
                    .make = "Nikon",
                    .rating = 3,
                    .size_bytes = 40});
  co_await rig.Add(
      {.owner = {}, .taken = "2021-01-01T00:00:00Z", .name = "clip.mp4", .type = "VIDEO", .size_bytes = 30});
  co_await rig.Add(
      {.owner = {}, .taken = "2022-01-01T00:00:00Z", .name = "old.jpg", .visibility = "archive", .size_bytes = 20});
  co_await rig.Add({.owner = {}, .taken = "2023-01-01T00:00:00Z", .name = "trash.jpg", .is_trashed = true});
  co_await rig.Add({.owner = {}, .taken = "2023-01-01T00:00:00Z", .name = "locked.jpg", .visibility = "locked"});
}

TEST(SearchServiceTest, PagesByNumberAndSeesChangesAtOnce) {
  WithSearch([](Rig& rig) -> Task<void> {
    co_await AddFour(rig);
    api::MetadataSearchDto request;
    request.size = 3;
    Page page = co_await rig.Search(request);
    EXPECT_EQ(page.names.front(), "old.jpg");
    EXPECT_EQ(page.names.size(), 3u);
    EXPECT_EQ(page.next_page, "2");
    EXPECT_EQ(page.next_cursor, std::nullopt);
    request.page = 2;
    page = co_await rig.Search(request);
    EXPECT_THAT(page.names, ElementsAre("Zürich.jpg"));
    EXPECT_EQ(page.next_page, std::nullopt);
    co_await rig.db.RunScript(
        R"(UPDATE asset SET "originalFileName" = 'new.jpg' WHERE "originalFileName" = 'Zürich.jpg')");
    page = co_await rig.Search(request);
    EXPECT_THAT(page.names, ElementsAre("new.jpg"));
  });
}

TEST(SearchServiceTest, FiltersByOperators) {
  WithSearch([](Rig& rig) -> Task<void> {
    co_await AddFour(rig);
    api::SearchFilter filter;
    filter.make.emplace().in = {"Canon", "Sony"};
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("Zürich.jpg"));
    filter = {};
    filter.make.emplace().eq = json::Maybe<std::string>::Null();
    filter.type.emplace().ne = api::AssetTypeEnum::kVideo;
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("old.jpg"));
    filter = {};
    filter.rating.emplace().gte = 3;
    filter.is_favorite.emplace().eq = true;
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("100%.jpg"));
    filter = {};
    filter.original_file_name.emplace().starts_with = "ZUR";
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("Zürich.jpg"));
    filter.original_file_name.emplace().like = "%";
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("100%.jpg"));
    filter.original_file_name.emplace().not_like = ".jpg";
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("clip.mp4"));
    filter = {};
    filter.visibility.emplace().not_in = {api::AssetVisibility::kTimeline};
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("old.jpg"));
    filter = {};
    filter.trashed_at.emplace().ne = json::Maybe<TimePoint>::Null();
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("trash.jpg"));
    filter = {};
    filter.file_size_in_bytes.emplace().lt = 20.5;
    filter.file_size_in_bytes->not_in = {10};
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("old.jpg"));
    filter = {};
    filter.taken_at.emplace().gt = *ParseIso("2021-06-01T00:00:00Z");
    filter.has_albums.emplace().eq = false;
    filter.has_tags.emplace().eq = false;
    filter.has_people.emplace().eq = false;
    filter.is_encoded.emplace().eq = false;
    EXPECT_THAT(co_await rig.Names(filter), ElementsAre("old.jpg"));
    filter.tag_ids.emplace().all = {Uuid()};
    EXPECT_THAT(co_await rig.Names(filter), IsEmpty());
  });
}

TEST(SearchServiceTest, CursorsMeetEveryAssetOnce) {
  WithSearch([](Rig& rig) -> Task<void> {
    co_await AddFour(rig);
    for (const auto field : {api::SearchOrderField::kFileCreatedAt, api::SearchOrderField::kLocalDateTime,
                             api::SearchOrderField::kFileSizeInBytes, api::SearchOrderField::kRating}) {
      for (const auto direction : {api::AssetOrder::kAsc, api::AssetOrder::kDesc}) {
        const api::SearchOrder order{direction, field};
        const auto whole = co_await rig.AllByCursor(order, 10);
        EXPECT_EQ(whole.size(), 4u);
        EXPECT_EQ(std::set(whole.begin(), whole.end()).size(), 4u);
        EXPECT_EQ(co_await rig.AllByCursor(order, 1), whole) << api::ToString(field);
        EXPECT_EQ(co_await rig.AllByCursor(order, 3), whole) << api::ToString(field);
      }
    }
    EXPECT_THAT(co_await rig.AllByCursor({api::AssetOrder::kDesc, api::SearchOrderField::kFileSizeInBytes}, 2),
                ElementsAre("100%.jpg", "clip.mp4", "old.jpg", "Zürich.jpg"));
  });
}

TEST(SearchServiceTest, FindsLockedAssetsOnlyWithThePin) {
  WithSearch([](Rig& rig) -> Task<void> {
    co_await AddFour(rig);
    api::StatisticsSearchDto request;
    EXPECT_EQ((co_await rig.service.Statistics(SignedIn(rig.user), request)).total, 4);
    EXPECT_EQ((co_await rig.service.Statistics(SignedIn(rig.user, true), request)).total, 5);
    request.filter.emplace().visibility.emplace().ne = api::AssetVisibility::kTimeline;
    EXPECT_EQ((co_await rig.service.Statistics(SignedIn(rig.user), request)).total, 1);
    request.filter->visibility.emplace().eq = api::AssetVisibility::kLocked;
    bool is_refused = false;
    try {
      co_await rig.service.Statistics(SignedIn(rig.user), request);
    } catch (const Unauthorized&) {
      is_refused = true;
    }
    EXPECT_TRUE(is_refused);
  });
}

TEST(SearchServiceTest, ShowsNothingOfStrangers) {
  WithSearch([](Rig& rig) -> Task<void> {
    const UserId stranger = co_await InsertUser(rig.db, "b@example.com");
    co_await InsertAsset(rig.db, {.owner = stranger, .city = "Rome"});
    api::StatisticsSearchDto request;
    EXPECT_EQ((co_await rig.service.Statistics(SignedIn(rig.user), request)).total, 0);
    pg::Params params{stranger, rig.user};
    co_await rig.db.RunDynamic(
        R"(INSERT INTO partner ("sharedById", "sharedWithId", "inTimeline") VALUES ($1, $2, true))", std::move(params));
    EXPECT_EQ((co_await rig.service.Statistics(SignedIn(rig.user), request)).total, 1);
    request.filter.emplace().album_ids.emplace().any = {Uuid()};
    bool is_refused = false;
    try {
      co_await rig.service.Statistics(SignedIn(rig.user), request);
    } catch (const BadRequest&) {
      is_refused = true;
    }
    EXPECT_TRUE(is_refused) << "an album that is not theirs to read";
  });
}

TEST(SearchServiceTest, PicksRandomAssetsWithoutRepeats) {
  WithSearch([](Rig& rig) -> Task<void> {
    co_await AddFour(rig);
    api::RandomSearchDto request;
    request.size = 3;
    std::set<Uuid> seen;
    for (int round = 0; round < 50; ++round) {
      const auto assets = co_await rig.service.Random(SignedIn(rig.user), request);
      std::set<Uuid> ids;
      for (const auto& asset : assets) ids.insert(asset.id);
      EXPECT_EQ(ids.size(), 3u);
      seen.insert(ids.begin(), ids.end());
    }
    EXPECT_EQ(seen.size(), 4u);
    request.size = 100;
    EXPECT_EQ((co_await rig.service.Random(SignedIn(rig.user), request)).size(), 4u);
  });
}

TEST(SearchServiceTest, ListsLargeAssetsBySize) {
  WithSearch([](Rig& rig) -> Task<void> {
    co_await AddFour(rig);
    api::SearchLargeAssets::Input request;
    request.min_file_size = 20;
    std::vector<std::string> names;
    const LibraryCache::Body body = co_await rig.service.LargeAssets(SignedIn(rig.user), request);
    const boost::json::value assets = boost::json::parse(body->text());
    for (const boost::json::value& asset : assets.as_array()) {
      names.emplace_back(asset.at("originalFileName").as_string());
    }
    EXPECT_THAT(names, ElementsAre("100%.jpg", "clip.mp4", "old.jpg"));
  });
}

TEST(DiscoveryServiceTest, SuggestsWhatThereIs) {
  WithSearch([](Rig& rig) -> Task<void> {
    co_await AddFour(rig);
    api::GetSearchSuggestions::Input request;
    request.type = api::SearchSuggestionType::kCity;
    LibraryCache::Body body = co_await rig.discovery.Suggestions(SignedIn(rig.user), request);
    EXPECT_EQ(body->text(), R"(["Paris","Zürich"])");
    request.include_null = true;
    request.make = "Nikon";
    body = co_await rig.discovery.Suggestions(SignedIn(rig.user), request);
    EXPECT_EQ(body->text(), R"(["Paris",null])");
    co_await rig.db.RunScript("UPDATE asset_exif SET city = 'Lyon' WHERE city = 'Paris'");
    body = co_await rig.discovery.Suggestions(SignedIn(rig.user), request);
    EXPECT_EQ(body->text(), R"(["Lyon",null])");
  });
}

TEST(DiscoveryServiceTest, SuggestsThingsSeenInPictures) {
  WithSearch([](Rig& rig) -> Task<void> {
    const AssetId seen = co_await rig.Add({.owner = {}, .name = "a.jpg", .city = "Paris"});
    const AssetId trashed = co_await rig.Add({.owner = {}, .name = "b.jpg", .is_trashed = true});
    const auto add = [&rig](AssetId asset, std::string label) {
      return rig.db.RunScript(fmt::format(
          R"(INSERT INTO plus.asset_object ("assetId", label, score, x1, y1, x2, y2) VALUES ('{}', '{}', 1, 0, 0, 1, 1))",
          asset.ToString(), label));
    };
    co_await add(seen, "person");
    co_await add(seen, "bicycle");
    co_await add(seen, "person");
    co_await add(trashed, "clock");
    api::GetSearchSuggestions::Input request;
    request.type = api::SearchSuggestionType::kObject;
    LibraryCache::Body body = co_await rig.discovery.Suggestions(SignedIn(rig.user), request);
    EXPECT_EQ(body->text(), R"(["bicycle","person"])");
    co_await add(seen, "dog");
    body = co_await rig.discovery.Suggestions(SignedIn(rig.user), request);
    EXPECT_EQ(body->text(), R"(["bicycle","dog","person"])") << "seen at once, though no asset changed";
    request.country = "Norway";
    body = co_await rig.discovery.Suggestions(SignedIn(rig.user), request);
    EXPECT_EQ(body->text(), "[]");
  });
}

TEST(DiscoveryServiceTest, ExploresCitiesWithFiveAssetsOfAnybody) {
  WithSearch([](Rig& rig) -> Task<void> {
    const UserId other = co_await InsertUser(rig.db, "b@example.com");
    co_await rig.Add({.owner = {}, .name = "own.jpg", .city = "Paris"});
    for (int i = 0; i < 3; ++i) co_await InsertAsset(rig.db, {.owner = other, .city = "Paris"});
    LibraryCache::Body body = co_await rig.discovery.Explore(SignedIn(rig.user));
    boost::json::value groups = boost::json::parse(body->text());
    EXPECT_EQ(groups.at(0).at("items").as_array().size(), 0u);
    EXPECT_EQ(groups.at(1).at("items").as_array().size(), 1u);
    co_await InsertAsset(rig.db, {.owner = other, .city = "Paris"});
    body = co_await rig.discovery.Explore(SignedIn(rig.user));
    groups = boost::json::parse(body->text());
    EXPECT_EQ(groups.at(0).at("fieldName").as_string(), "exifInfo.city");
    EXPECT_EQ(groups.at(0).at("items").at(0).at("value").as_string(), "Paris");
    EXPECT_EQ(groups.at(0).at("items").at(0).at("data").at("originalFileName").as_string(), "own.jpg");
  });
}

TEST(DiscoveryServiceTest, FindsPersonsAndPlacesBySimilarNames) {
  WithSearch([](Rig& rig) -> Task<void> {
    pg::Params params{rig.user};
    co_await rig.db.RunDynamic(
        R"(INSERT INTO person ("ownerId", name, "isHidden") VALUES ($1, 'Zoë Müller', false), ($1, 'Zoe Mueller', true))",
        std::move(params));
    const auto shown = co_await rig.discovery.Persons(SignedIn(rig.user), "zoe", false);
    EXPECT_EQ(shown.size(), 1u);
    EXPECT_EQ(shown.front().name, "Zoë Müller");
    EXPECT_EQ((co_await rig.discovery.Persons(SignedIn(rig.user), "zoe", true)).size(), 2u);
    EXPECT_THAT(co_await rig.discovery.Persons(SignedIn(rig.user), "xyz", true), IsEmpty());
    co_await rig.db.RunScript(
        R"(INSERT INTO geodata_places (id, name, longitude, latitude, "countryCode", "modificationDate")
VALUES (1, 'Zürich', 8.5, 47.4, 'CH', now()), (2, 'Genève', 6.1, 46.2, 'CH', now()))");
    const auto places = co_await rig.discovery.Places("zurich");
    EXPECT_EQ(places.size(), 1u);
    EXPECT_EQ(places.front().name, "Zürich");
  });
}

}  // namespace
}  // namespace immich::search
