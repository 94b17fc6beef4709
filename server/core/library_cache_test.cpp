#include "server/core/library_cache.hpp"

#include <gtest/gtest.h>

#include "db/testing/migrated_database.hpp"
#include "db/testing/query_value.hpp"
#include "platform/pg/pg_pool.hpp"
#include "server/core/testing/library_rows.hpp"

namespace immich {
namespace {

using immich::testing::AssetRow;
using immich::testing::InsertAsset;
using immich::testing::InsertUser;
using immich::testing::MigratedDatabase;
using immich::testing::QueryNumber;
using immich::testing::WithPool;

void OnDatabase(const std::function<Task<void>(pg::Pool&)>& body) {
  const MigratedDatabase database;
  WithPool(database, body);
}

/// Number of a user's favourites, through the cache; counts how often it was computed.
struct Favorites {
  Task<std::string> Get(UserId user) {
    const auto compute = [this, user]() -> Task<std::string> {
      ++computed;
      co_return std::to_string(co_await QueryNumber(
          db, fmt::format(R"(SELECT count(*) FROM asset WHERE "isFavorite" AND "ownerId" = '{}')", user.ToString())));
    };
    std::string key = "favorites " + user.ToString();
    std::vector<UserId> owners{user};
    const LibraryCache::Body body = co_await cache.Get(std::move(key), std::move(owners), compute);
    co_return body->text();
  }

  pg::Pool& db;
  LibraryCache cache{db};
  int computed = 0;
};

TEST(LibraryCacheTest, ComputesAgainOnlyAfterAChangeOfTheOwner) {
  OnDatabase([](pg::Pool& db) -> Task<void> {
    const UserId user = co_await InsertUser(db, "a@example.com");
    const UserId other = co_await InsertUser(db, "b@example.com");
    Favorites favorites{db};
    EXPECT_EQ(co_await favorites.Get(user), "0");
    EXPECT_EQ(co_await favorites.Get(user), "0");
    EXPECT_EQ(favorites.computed, 1);
    co_await InsertAsset(db, {.owner = other, .is_favorite = true});
    EXPECT_EQ(co_await favorites.Get(user), "0");
    EXPECT_EQ(favorites.computed, 1);
    co_await InsertAsset(db, {.owner = user, .is_favorite = true});
    EXPECT_EQ(co_await favorites.Get(user), "1");
    EXPECT_EQ(co_await favorites.Get(user), "1");
    EXPECT_EQ(favorites.computed, 2);
  });
}

TEST(LibraryCacheTest, SeesEveryKindOfChange) {
  OnDatabase([](pg::Pool& db) -> Task<void> {
    const UserId user = co_await InsertUser(db, "a@example.com");
    const AssetId asset = co_await InsertAsset(db, {.owner = user});
    Favorites favorites{db};
    co_await favorites.Get(user);
    const std::vector<std::string> changes = {
        R"(UPDATE asset SET "isFavorite" = true)",
        "UPDATE asset_exif SET city = 'Paris'",
        fmt::format(R"(INSERT INTO stack ("primaryAssetId", "ownerId") VALUES ('{}', '{}'))", asset.ToString(),
                    user.ToString()),
        "DELETE FROM stack",
        "DELETE FROM asset_exif",
        fmt::format(R"(INSERT INTO asset_exif ("assetId") VALUES ('{}'))", asset.ToString()),
        "DELETE FROM asset",
    };
    for (const std::string& change : changes) {
      const int before = favorites.computed;
      co_await db.RunScript(change);
      co_await favorites.Get(user);
      EXPECT_EQ(favorites.computed, before + 1) << change;
      co_await favorites.Get(user);
      EXPECT_EQ(favorites.computed, before + 1) << "twice after " << change;
    }
    co_await InsertAsset(db, {.owner = user});
    co_await favorites.Get(user);
    const int before = favorites.computed;
    co_await db.RunScript(R"(DELETE FROM "user")");
    co_await favorites.Get(user);
    EXPECT_EQ(favorites.computed, before + 1) << "assets that go with their owner";
  });
}

TEST(LibraryCacheTest, SeesATransactionThatWasOpenWhenItComputed) {
  OnDatabase([](pg::Pool& db) -> Task<void> {
    const UserId user = co_await InsertUser(db, "a@example.com");
    Favorites favorites{db};
    co_await db.InTransaction([&](pg::Transaction& transaction) -> Task<void> {
      co_await InsertAsset(transaction, {.owner = user, .is_favorite = true});
      EXPECT_EQ(co_await favorites.Get(user), "0");
      EXPECT_EQ(co_await favorites.Get(user), "0");
      // Transactions that begin and end in the meantime must not make the open one look old.
      co_await db.RunScript("CREATE TABLE meanwhile (); DROP TABLE meanwhile");
      EXPECT_EQ(co_await favorites.Get(user), "0");
    });
    EXPECT_EQ(co_await favorites.Get(user), "1");
  });
}

TEST(LibraryCacheTest, MakesRoomForTheLatest) {
  OnDatabase([](pg::Pool& db) -> Task<void> {
    constexpr std::size_t kBytes = 4000;
    LibraryCache cache(db, kBytes);
    const auto get = [&cache](std::string key, std::size_t size) -> Task<int> {
      int computed = 0;
      const auto compute = [&computed, size]() -> Task<std::string> {
        ++computed;
        co_return std::string(size, 'x');
      };
      std::vector<UserId> owners{};
      const LibraryCache::Body body = co_await cache.Get(std::move(key), std::move(owners), compute);
      EXPECT_EQ(body->text().size(), size);
      co_return computed;
    };
    EXPECT_EQ(co_await get("a", 1500), 1);
    EXPECT_EQ(co_await get("b", 1500), 1);
    EXPECT_EQ(co_await get("a", 1500), 0);
    EXPECT_EQ(co_await get("c", 1500), 1);
    EXPECT_LE(cache.bytes(), kBytes);
    EXPECT_EQ(co_await get("a", 1500), 0) << "used last";
    EXPECT_EQ(co_await get("b", 1500), 1) << "made room";
    EXPECT_EQ(co_await get("huge", 5000), 1);
    EXPECT_EQ(co_await get("huge", 5000), 1) << "never kept";
    EXPECT_EQ(cache.size(), 2u);
  });
}

TEST(LibraryCacheTest, DropsOnlyWhatEverybodyHasSeen) {
  OnDatabase([](pg::Pool& db) -> Task<void> {
    LibraryCache cache(db);
    const UserId user = co_await InsertUser(db, "a@example.com");
    const std::string count = "SELECT count(*) FROM plus.library_change";
    const std::string age = "UPDATE plus.library_mark SET at = at - interval '16 minutes'";
    co_await InsertAsset(db, {.owner = user});
    const std::int64_t old_changes = co_await QueryNumber(db, count);
    EXPECT_GT(old_changes, 0);
    co_await cache.Prune();
    EXPECT_EQ(co_await QueryNumber(db, count), old_changes) << "the mark is new";
    co_await db.InTransaction([&](pg::Transaction& transaction) -> Task<void> {
      co_await InsertAsset(transaction, {.owner = user});
      co_await cache.Prune();
      co_await db.RunScript(age);
    });
    co_await db.RunScript("INSERT INTO plus.library_change VALUES (immich_uuid_v7(), '9000000000000')");
    co_await cache.Prune();
    EXPECT_EQ(co_await QueryNumber(db, count), 1) << "the change that was not committed at the mark stays";
    co_await db.RunScript(age);
    co_await cache.Prune();
    EXPECT_EQ(co_await QueryNumber(db, count), 0);
  });
}

TEST(LibraryCacheTest, LeavesNothingBehindInPublic) {
  OnDatabase([](pg::Pool& db) -> Task<void> {
    const std::string triggers = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'plus%'";
    EXPECT_EQ(co_await QueryNumber(db, triggers), 9 + 16);
    co_await db.RunScript("DROP SCHEMA plus CASCADE");
    EXPECT_EQ(co_await QueryNumber(db, triggers), 0);
    const UserId user = co_await InsertUser(db, "a@example.com");
    co_await InsertAsset(db, {.owner = user});
  });
}

}  // namespace
}  // namespace immich
