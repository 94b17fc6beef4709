#include "server/smart_search/smart_search_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "db/testing/migrated_database.hpp"
#include "platform/error/error.hpp"
#include "server/core/access.hpp"
#include "server/core/system_config.hpp"
#include "server/core/testing/fake_ml.hpp"
#include "server/core/testing/library_rows.hpp"
#include "server/smart_search/nearest_query.hpp"

namespace immich::smart_search {
namespace {

using immich::testing::AssetRow;
using immich::testing::FakeMl;
using immich::testing::InsertAsset;
using immich::testing::InsertUser;
using immich::testing::MigratedDatabase;
using immich::testing::SignedIn;
using immich::testing::VectorLiteral;
using immich::testing::WithPool;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Rig {
  explicit Rig(pg::Pool& pool) : db(pool) {
    ml->encode_text = [](const std::string& text) {
      return text == "right" ? VectorLiteral({1, 0}) : VectorLiteral({0, 1});
    };
  }
  /// An asset whose vector points at `angle` degrees.
  Task<AssetId> Add(AssetRow row, double angle) {
    if (row.owner.value.is_nil()) row.owner = user;
    const AssetId id = co_await InsertAsset(db, std::move(row));
    const double radians = angle * 3.14159265358979 / 180;
    co_await db.RunScript(fmt::format("INSERT INTO smart_search VALUES ('{}', '{}')", id.ToString(),
                                      VectorLiteral({std::cos(radians), std::sin(radians)})));
    co_return id;
  }
  Task<std::vector<std::string>> Names(api::SmartSearchDto request) {
    const api::SearchResponseDto response = co_await service.Search(SignedIn(user), std::move(request));
    next_page = response.assets.next_page;
    std::vector<std::string> names;
    for (const auto& item : response.assets.items) names.push_back(item.original_file_name);
    co_return names;
  }
  Task<std::string> Refused(api::SmartSearchDto request) {
    try {
      co_await service.Search(SignedIn(user), std::move(request));
    } catch (const Error& error) {
      co_return std::to_string(error.http_status()) + " " + error.what();
    }
    co_return "";
  }

  pg::Pool& db;
  UserId user;
  std::optional<std::string> next_page;
  Access access{db};
  SystemConfig config{db, {}};
  std::shared_ptr<FakeMl> ml = std::make_shared<FakeMl>();
  SmartSearchService service{db, access, config, ml};
};

void WithRig(const std::function<Task<void>(Rig&)>& body) {
  const MigratedDatabase database;
  WithPool(database, [&](pg::Pool& db) -> Task<void> {
    Rig rig(db);
    co_await rig.config.Load();
    rig.user = co_await InsertUser(db, "a@example.com");
    co_await body(rig);
  });
}

api::SmartSearchDto Query(std::string text) {
  api::SmartSearchDto request;
  request.query = std::move(text);
  return request;
}

AssetRow Named(std::string name) {
  AssetRow row;
  row.name = std::move(name);
  return row;
}

TEST(SmartSearchTest, NearestFirstAndFilters) {
  WithRig([](Rig& rig) -> Task<void> {
    co_await rig.Add(Named("right"), 0);
    co_await rig.Add(Named("up"), 90);
    AssetRow paris = Named("between");
    paris.city = "Paris";
    co_await rig.Add(paris, 30);
    AssetRow trashed = Named("trashed");
    trashed.is_trashed = true;
    co_await rig.Add(trashed, 0);
    AssetRow locked = Named("locked");
    locked.visibility = "locked";
    co_await rig.Add(locked, 0);
    AssetRow foreign = Named("foreign");
    foreign.owner = co_await InsertUser(rig.db, "b@example.com");
    co_await rig.Add(foreign, 0);
    EXPECT_THAT(co_await rig.Names(Query("right")), ElementsAre("right", "between", "up"));
    EXPECT_THAT(co_await rig.Names(Query("up")), ElementsAre("up", "between", "right"));
    api::SmartSearchDto in_paris = Query("right");
    in_paris.city = json::Maybe<std::string>("Paris");
    EXPECT_THAT(co_await rig.Names(in_paris), ElementsAre("between"));
    in_paris.city = json::Maybe<std::string>("Rome");
    EXPECT_THAT(co_await rig.Names(in_paris), IsEmpty());
  });
}

TEST(SmartSearchTest, Pages) {
  WithRig([](Rig& rig) -> Task<void> {
    for (int i = 0; i < 5; ++i) co_await rig.Add(Named(std::to_string(i)), i * 10);
    api::SmartSearchDto request = Query("right");
    request.size = 2;
    EXPECT_THAT(co_await rig.Names(request), ElementsAre("0", "1"));
    EXPECT_EQ(rig.next_page, "2");
    request.page = 3;
    EXPECT_THAT(co_await rig.Names(request), ElementsAre("4"));
    EXPECT_EQ(rig.next_page, std::nullopt);
    request.page = 4;
    EXPECT_THAT(co_await rig.Names(request), IsEmpty());
  });
}

TEST(SmartSearchTest, ByAsset) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId first = co_await rig.Add(Named("first"), 0);
    co_await rig.Add(Named("near"), 10);
    co_await rig.Add(Named("far"), 90);
    api::SmartSearchDto request;
    request.query_asset_id = first.value;
    EXPECT_THAT(co_await rig.Names(request), ElementsAre("first", "near", "far"));
    AssetRow bare = Named("bare");
    bare.owner = rig.user;
    const AssetId unknown = co_await InsertAsset(rig.db, bare);
    request.query_asset_id = unknown.value;
    EXPECT_EQ(co_await rig.Refused(request), "400 Asset " + unknown.ToString() + " has no embedding");
    request.query_asset_id = Uuid::Random();
    EXPECT_EQ(co_await rig.Refused(request), "400 Not found or no asset.read access");
    EXPECT_TRUE((co_await rig.Refused({})).starts_with("400 "));
    EXPECT_TRUE(rig.ml->asked.empty());
  });
}

TEST(SmartSearchTest, TextsAreEncodedOnce) {
  WithRig([](Rig& rig) -> Task<void> {
    co_await rig.Names(Query("right"));
    co_await rig.Names(Query("up"));
    co_await rig.Names(Query("right"));
    EXPECT_EQ(rig.ml->asked.size(), 2);
    for (std::size_t i = 0; i < SmartSearchService::kMaxTexts; ++i) co_await rig.Names(Query(std::to_string(i)));
    co_await rig.Names(Query("right"));
    EXPECT_EQ(rig.ml->asked.size(), 3 + SmartSearchService::kMaxTexts);
  });
}

TEST(SmartSearchTest, SaysThatTheServiceIsAwayAndRecovers) {
  WithRig([](Rig& rig) -> Task<void> {
    const AssetId known = co_await rig.Add(Named("right"), 0);
    const auto works = rig.ml->encode_text;
    rig.ml->encode_text = [](const std::string&) -> std::string { throw InternalError("refused: 10.0.0.7"); };
    EXPECT_EQ(co_await rig.Refused(Query("right")),
              "503 Smart search is not available: no machine learning service could encode the query");
    api::SmartSearchDto by_asset;
    by_asset.query_asset_id = known.value;
    EXPECT_THAT(co_await rig.Names(by_asset), ElementsAre("right")) << "needs no service";
    rig.ml->encode_text = works;
    EXPECT_THAT(co_await rig.Names(Query("right")), ElementsAre("right")) << "the failure is not remembered";
  });
}

TEST(SmartSearchTest, CanBeSwitchedOff) {
  WithRig([](Rig& rig) -> Task<void> {
    api::AdminConfigDto wanted = rig.config.current();
    wanted.machine_learning.enabled = false;
    co_await rig.config.Save(wanted);
    EXPECT_EQ(co_await rig.Refused(Query("right")), "400 Smart search is not enabled");
  });
}

std::vector<Uuid> IdsOf(const pg::Result& rows) {
  std::vector<Uuid> ids;
  for (const pg::Row row : rows) ids.push_back(row.Get<Uuid>(0));
  return ids;
}

TEST(SmartSearchTest, TheIndexFindsWhatComparingEverythingFinds) {
  WithRig([](Rig& rig) -> Task<void> {
    // 4,000 vectors on a spiral, an eighth of them favourites; no two are equally far from the query.
    co_await rig.db.RunScript(fmt::format(
        R"(INSERT INTO asset (id, "ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime",
                              checksum, "checksumAlgorithm", "originalFileName", "isFavorite")
SELECT gen_random_uuid(), '{}', 'IMAGE', '/a', now(), now(), now(), decode(md5(i::text), 'hex'), 'sha1', i::text, i % 8 = 0
FROM generate_series(1, 4000) i;
INSERT INTO smart_search SELECT a.id, ('[' || cos(n / 1500.0) || ',' || sin(n / 1500.0) || ',' || n / 9000.0
  || repeat(',0', 509) || ']')::vector FROM asset a, LATERAL (SELECT a."originalFileName"::int AS n) x;
ANALYZE)",
        rig.user.ToString()));
    search::SearchScope scope;
    scope.owners.push_back(rig.user);
    const std::string target = VectorLiteral({1, 0});
    for (const bool favourites : {false, true}) {
      api::SmartSearchDto request;
      if (favourites) request.is_favorite = true;
      EXPECT_NEAR(static_cast<double>(co_await EstimateCandidates(rig.db, scope, request)), favourites ? 500 : 4000,
                  250);
      for (const NearestPage page : {NearestPage{.offset = 0, .limit = 101}, NearestPage{.offset = 100, .limit = 101},
                                     NearestPage{.offset = 450, .limit = 101}}) {
        const auto compared = IdsOf(co_await FindNearest(rig.db, scope, request, target, page));
        const auto walked = IdsOf(co_await FindNearest(rig.db, scope, request, target, page, 0));
        EXPECT_EQ(compared.size(), favourites && page.offset == 450 ? 50u : 101u);
        EXPECT_EQ(walked, compared) << favourites << ' ' << page.offset;
      }
    }
  });
}

TEST(SmartSearchTest, SelectiveFiltersFindAllThatIsThere) {
  WithRig([](Rig& rig) -> Task<void> {
    // 3,000 vectors around the query that do not pass the filter, and 30 far away that do.
    co_await rig.db.RunScript(fmt::format(
        R"(INSERT INTO asset (id, "ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime",
                              checksum, "checksumAlgorithm", "originalFileName", "isFavorite")
SELECT gen_random_uuid(), '{}', 'IMAGE', '/a', now(), now(), now(), decode(md5(i::text), 'hex'), 'sha1', i::text, i % 101 = 0
FROM generate_series(1, 3030) i;
INSERT INTO smart_search SELECT a.id, ('[' || (CASE WHEN a."isFavorite" THEN -1 ELSE 1 END) || ','
  || (row_number() OVER () / 10000.0) || repeat(',0', 510) || ']')::vector FROM asset a;
ANALYZE)",
        rig.user.ToString()));
    api::SmartSearchDto request = Query("right");
    request.is_favorite = true;
    request.size = 20;
    const std::vector<std::string> first = co_await rig.Names(request);
    EXPECT_EQ(first.size(), 20);
    EXPECT_EQ(rig.next_page, "2");
    request.page = 2;
    const std::vector<std::string> second = co_await rig.Names(request);
    EXPECT_EQ(second.size(), 10);
    std::set<std::string> all(first.begin(), first.end());
    all.insert(second.begin(), second.end());
    EXPECT_EQ(all.size(), 30);
  });
}

}  // namespace
}  // namespace immich::smart_search
