#include "db/migrator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "db/testing/migrated_database.hpp"
#include "db/testing/query_value.hpp"
#include "platform/error/error.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich::db {
namespace {

using State = MigrationOutcome::State;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::TestDatabase;
using immich::testing::WithPool;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kFacts = "../shared/facts/schema.json";

/// Versions of the compiled-in files that are recorded, i.e. all but 0.
std::vector<int> RecordedVersions() {
  std::vector<int> versions;
  for (const Migration& migration : Migrations()) {
    if (migration.version > 0) versions.push_back(migration.version);
  }
  return versions;
}

/// Output of a command; the test fails when the command does.
std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 65536> buffer;
  while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), size);
  EXPECT_EQ(pclose(pipe), 0) << command << "\n" << output;
  return output;
}

void OnEmptyDatabase(const std::function<Task<void>(pg::Pool&, const std::string& url)>& body) {
  const TestDatabase database;
  WithPool(database, [&](pg::Pool& pool) -> Task<void> { co_await body(pool, database.url()); });
}

void OnEmptyDatabase(const std::function<Task<void>(pg::Pool&)>& body) {
  const TestDatabase database;
  WithPool(database, body);
}

/// Runs Migrate and returns the message of its refusal; empty when it did not refuse.
Task<std::string> RefusalOf(pg::Pool& pool) {
  std::string message;
  try {
    co_await Migrate(pool);
  } catch (const Unavailable& error) {
    message = error.what();
  }
  co_return message;
}

TEST(Migrator, FillsAnEmptyDatabaseOnce) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    const MigrationOutcome first = co_await Migrate(pool);
    EXPECT_EQ(first.state, State::kCreated);
    EXPECT_EQ(first.applied, RecordedVersions());
    EXPECT_THAT(first.unknown_original, IsEmpty());

    const MigrationOutcome second = co_await Migrate(pool);
    EXPECT_EQ(second.state, State::kUpToDate);
    EXPECT_THAT(second.applied, IsEmpty());
    EXPECT_EQ(co_await QueryNumber(pool, "SELECT count(*) FROM plus.migration WHERE NOT adopted"),
              first.applied.size());
  });
}

TEST(Migrator, LeavesTheBookkeepingOfTheOriginal) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    co_await Migrate(pool);
    EXPECT_EQ(co_await QueryNumber(pool, "SELECT count(*) FROM kysely_migrations"), 88);
    EXPECT_EQ(co_await QueryText(pool, "SELECT name FROM kysely_migrations ORDER BY timestamp DESC LIMIT 1"),
              "1784836013770-MinFacePreferenceMigration");
    EXPECT_EQ(co_await QueryText(pool, "SELECT id || ' ' || is_locked FROM kysely_migrations_lock"),
              "migration_lock 0");
    EXPECT_EQ(co_await QueryNumber(pool, "SELECT count(*) FROM migration_overrides"), 81);
    EXPECT_THAT(co_await QueryText(
                    pool, "SELECT value->>'sql' FROM migration_overrides WHERE name = 'index_activity_like_idx'"),
                HasSubstr("CREATE UNIQUE INDEX activity_like_idx"));
  });
}

TEST(Migrator, TakesOverWhatTheOriginalLeft) {
  if (!std::filesystem::exists(kFacts)) GTEST_SKIP() << "needs " << kFacts;
  OnEmptyDatabase([](pg::Pool& pool, const std::string& url) -> Task<void> {
    std::string original = OutputOf("python3 tools/check/schema_build.py");
    co_await pool.RunScript(std::move(original));

    const MigrationOutcome outcome = co_await Migrate(pool);
    EXPECT_EQ(outcome.state, State::kTakenOver);
    EXPECT_THAT(outcome.unknown_original, IsEmpty());
    EXPECT_EQ(co_await QueryNumber(pool, "SELECT count(*) FROM plus.migration WHERE NOT adopted AND version < 100"), 0);
    EXPECT_EQ(co_await QueryText(pool, "SELECT prosrc FROM pg_proc WHERE proname = 'asset_delete_audit'"),
              " BEGIN RETURN NEW; END ");
    OutputOf("python3 tools/check/schema_diff.py --url '" + url + "'");

    const MigrationOutcome again = co_await Migrate(pool);
    EXPECT_EQ(again.state, State::kUpToDate);
  });
}

TEST(Migrator, BuildsTheCatalogueOfTheOriginal) {
  if (!std::filesystem::exists(kFacts)) GTEST_SKIP() << "needs " << kFacts;
  OnEmptyDatabase([](pg::Pool& pool, const std::string& url) -> Task<void> {
    co_await Migrate(pool);
    OutputOf("python3 tools/check/schema_diff.py --url '" + url + "'");
  });
}

TEST(Migrator, RunsOnlyOurOwnMigrationsOnATakenOverDatabase) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    co_await Migrate(pool);
    co_await pool.RunScript("DROP SCHEMA plus CASCADE");
    std::vector<Migration> migrations(Migrations().begin(), Migrations().end());
    std::erase_if(migrations, [](const Migration& migration) { return migration.version >= kFirstPlusVersion; });
    migrations.push_back({9000, "9000_extra", "CREATE TABLE plus.extra (id uuid REFERENCES asset)"});

    const MigrationOutcome outcome = co_await Migrate(pool, {migrations});
    EXPECT_EQ(outcome.state, State::kTakenOver);
    EXPECT_THAT(outcome.applied, ElementsAre(9000));

    migrations.push_back({9001, "9001_extra", "ALTER TABLE plus.extra ADD note text"});
    const MigrationOutcome upgraded = co_await Migrate(pool, {migrations});
    EXPECT_EQ(upgraded.state, State::kUpgraded);
    EXPECT_THAT(upgraded.applied, ElementsAre(9001));
  });
}

TEST(Migrator, RefusesAnOlderOriginalAndChangesNothing) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    co_await Migrate(pool);
    co_await pool.RunScript("DROP SCHEMA plus CASCADE; DELETE FROM kysely_migrations WHERE name > '1784647658615'");
    const std::string message = co_await RefusalOf(pool);
    EXPECT_THAT(message, HasSubstr("older than 3.1"));
    EXPECT_THAT(message, HasSubstr("1784647658615-AddOAuthBearerTokenToSession"));
    EXPECT_EQ(co_await QueryNumber(pool, "SELECT count(*) FROM pg_namespace WHERE nspname = 'plus'"), 0);
  });
}

TEST(Migrator, RefusesAnOlderBackupRestoredIntoOurDatabase) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    co_await Migrate(pool);
    co_await pool.RunScript("DELETE FROM kysely_migrations WHERE name LIKE '1784836013770-%'");
    EXPECT_THAT(co_await RefusalOf(pool), HasSubstr("older than 3.1"));
  });
}

TEST(Migrator, RefusesTablesOfSomethingElse) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    co_await pool.RunScript("CREATE TABLE public.guestbook (entry text)");
    EXPECT_THAT(co_await RefusalOf(pool), HasSubstr("not empty"));
    EXPECT_EQ(co_await QueryNumber(pool, "SELECT count(*) FROM pg_namespace WHERE nspname = 'plus'"), 0);
  });
}

TEST(Migrator, UsesTheDatabaseOfANewerOriginal) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    co_await Migrate(pool);
    co_await pool.RunScript(
        "DROP SCHEMA plus CASCADE; INSERT INTO kysely_migrations VALUES ('1999999999999-FromTheFuture', '2030-01-01')");
    const MigrationOutcome outcome = co_await Migrate(pool);
    EXPECT_EQ(outcome.state, State::kTakenOver);
    EXPECT_THAT(outcome.unknown_original, ElementsAre("1999999999999-FromTheFuture"));
    const MigrationOutcome again = co_await Migrate(pool);
    EXPECT_EQ(again.state, State::kUpToDate);
    EXPECT_THAT(again.unknown_original, SizeIs(1));
  });
}

TEST(Migrator, AFailureLosesOnlyItsOwnFile) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    std::vector<Migration> migrations{Migrations().front(),
                                      {1, "0001_good", "CREATE TABLE good (id int)"},
                                      {2, "0002_bad", "CREATE TABLE bad (id int); SELECT 1 / 0"}};
    std::string detail;
    try {
      co_await Migrate(pool, {migrations});
    } catch (const InternalError& error) {
      detail = error.detail();
    }
    EXPECT_THAT(detail, HasSubstr("0002_bad"));
    EXPECT_THAT(detail, HasSubstr("division by zero"));
    EXPECT_EQ(co_await QueryText(pool, "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'"),
              "good");

    migrations.back().sql = "CREATE TABLE bad (id int)";
    const MigrationOutcome outcome = co_await Migrate(pool, {migrations});
    EXPECT_EQ(outcome.state, State::kCreated);
    EXPECT_THAT(outcome.applied, ElementsAre(2));
  });
}

TEST(Migrator, StartsAgainWhenPublicWasEmptied) {
  OnEmptyDatabase([](pg::Pool& pool) -> Task<void> {
    co_await Migrate(pool);
    co_await pool.RunScript("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    const MigrationOutcome outcome = co_await Migrate(pool);
    EXPECT_EQ(outcome.state, State::kCreated);
    EXPECT_EQ(outcome.applied.front(), 1);
    EXPECT_EQ(co_await QueryNumber(pool, "SELECT count(*) FROM asset"), 0);
  });
}

TEST(Migrator, TwoProcessesAtOnceDoTheWorkOnce) {
  const TestDatabase database;
  std::array<MigrationOutcome, 2> outcomes;
  {
    std::array<std::jthread, 2> processes;
    for (std::size_t i = 0; i < processes.size(); ++i) {
      processes[i] = std::jthread([&, i] {
        WithPool(database, [&, i](pg::Pool& pool) -> Task<void> { outcomes[i] = co_await Migrate(pool); });
      });
    }
  }
  EXPECT_EQ(outcomes[0].applied.size() + outcomes[1].applied.size(), RecordedVersions().size());
  EXPECT_NE(outcomes[0].state, outcomes[1].state);
}

}  // namespace
}  // namespace immich::db
