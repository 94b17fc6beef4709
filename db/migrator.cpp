#include "db/migrator.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <utility>

#include "db_migrations_sql.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich::db {
namespace {

constexpr std::string_view kContext = "Migrations";

using Names = std::set<std::string, std::less<>>;

struct Database {
  bool has_plus = false;
  bool has_original = false;
  bool public_is_empty = false;
  std::set<int> applied;
  Names original;
};

Task<std::set<int>> ReadApplied(pg::Pool& pool) {
  const pg::Result rows = co_await pool.Run(sql::kPlusMigrationList);
  std::set<int> versions;
  for (const pg::Row row : rows) versions.insert(row.Get<int>(0));
  co_return versions;
}

Task<Names> ReadOriginal(pg::Pool& pool) {
  const pg::Result rows = co_await pool.Run(sql::kOriginalMigrationList);
  Names names;
  for (const pg::Row row : rows) names.insert(row.Get<std::string>(0));
  co_return names;
}

Task<Database> ReadDatabase(pg::Pool& pool) {
  const pg::Result rows = co_await pool.Run(sql::kMigrationStateGet);
  const pg::Row row = rows[0];
  Database database;
  database.has_plus = row.Get<bool>("has_plus");
  database.has_original = row.Get<bool>("has_original");
  database.public_is_empty = row.Get<bool>("public_is_empty");
  if (database.has_plus) database.applied = co_await ReadApplied(pool);
  if (database.has_original) database.original = co_await ReadOriginal(pool);
  co_return database;
}

/// The base migrations of `migrations`: what the original has done in a database of its own.
std::vector<Migration> BaseOf(std::span<const Migration> migrations) {
  std::vector<Migration> base;
  std::ranges::copy_if(migrations, std::back_inserter(base),
                       [](const Migration& m) { return m.version > 0 && m.version < kFirstPlusVersion; });
  return base;
}

std::string RefusalOfOlder(const Names& original, const std::vector<std::string_view>& missing) {
  return fmt::format(
      "This database was last migrated by an Immich older than 3.1: {} of its migrations have not run, the first is {} "
      "(last one that has: {}). Start Immich 3.1 on it once, then this server.",
      missing.size(), missing.front(), original.empty() ? "none" : *original.rbegin());
}

/// Compares a filled `public` with what we know. Throws Unavailable when it is not Immich 3.1 or later, else returns
/// the migrations of a newer one.
std::vector<std::string> CheckOriginal(const Database& database) {
  if (!database.has_original) {
    throw Unavailable(
        "The schema public of this database is not empty and was not made by this server or by Immich 3.1 or later: "
        "there "
        "is no table kysely_migrations. Name an empty database, or upgrade the old one with Immich first.");
  }
  const std::span<const std::string_view> known = OriginalMigrations();
  std::vector<std::string_view> missing;
  std::ranges::copy_if(known, std::back_inserter(missing),
                       [&](std::string_view name) { return !database.original.contains(name); });
  if (!missing.empty()) throw Unavailable(RefusalOfOlder(database.original, missing));

  const std::set<std::string_view> known_set(known.begin(), known.end());
  std::vector<std::string> unknown;
  std::ranges::copy_if(database.original, std::back_inserter(unknown),
                       [&](std::string_view name) { return !known_set.contains(name); });
  return unknown;
}

/// The file and its row in plus.migration as one script: the server runs it in one implicit transaction.
/// The search path makes sure that unqualified names mean `public`, whatever the role's own schema.
std::string ScriptOf(const Migration& migration) {
  std::string script = "SELECT set_config('search_path', 'public', true);\n";
  script += migration.sql;
  if (migration.version > 0) {
    script += fmt::format("\n;INSERT INTO plus.migration (version, name) VALUES ({}, '{}');\n", migration.version,
                          migration.name);
  }
  return script;
}

Task<void> Apply(pg::Pool& pool, const Migration& migration) {
  std::string failure;
  try {
    std::string script = ScriptOf(migration);
    co_await pool.RunScript(std::move(script));
  } catch (const pg::QueryError& error) {
    failure = fmt::format("migration {} failed: {} (SQLSTATE {})", migration.name, error.detail(), error.sqlstate());
  }
  if (!failure.empty()) throw InternalError(std::move(failure));
  log::Info(kContext, "applied {}", migration.name);
}

Task<void> Adopt(pg::Pool& pool, std::span<const Migration> base) {
  std::vector<std::int64_t> versions;
  std::vector<std::string> names;
  for (const Migration& migration : base) {
    versions.push_back(migration.version);
    names.emplace_back(migration.name);
  }
  pg::Params params(versions, names);
  co_await pool.Run(sql::kPlusMigrationAdopt, std::move(params));
  log::Info(kContext, "found the database of Immich 3.1 or later and took it over");
}

/// Makes what is recorded agree with what is there; afterwards everything that is not in `applied` has to run.
Task<MigrationOutcome> Prepare(pg::Pool& pool, std::span<const Migration> migrations, Database& database) {
  using State = MigrationOutcome::State;
  const std::vector<Migration> base = BaseOf(migrations);
  const auto is_applied = [&](const Migration& migration) { return database.applied.contains(migration.version); };
  MigrationOutcome outcome;

  if (database.public_is_empty) {
    // Also when the base is recorded: someone emptied `public` to restore or start again.
    outcome.state = State::kCreated;
    pg::Params params(kFirstPlusVersion);
    co_await pool.Run(sql::kPlusMigrationForget, std::move(params));
    std::erase_if(database.applied, [](int version) { return version > 0 && version < kFirstPlusVersion; });
  } else if (std::ranges::none_of(base, is_applied)) {
    outcome.unknown_original = CheckOriginal(database);
    outcome.state = State::kTakenOver;
    co_await Adopt(pool, base);
    for (const Migration& migration : base) database.applied.insert(migration.version);
  } else if (std::ranges::all_of(base, is_applied)) {
    // The original may have been back in the meantime, or an older backup restored.
    outcome.unknown_original = CheckOriginal(database);
    outcome.state = std::ranges::all_of(migrations, is_applied) ? State::kUpToDate : State::kUpgraded;
  } else {
    outcome.state = State::kCreated;
  }
  co_return outcome;
}

}  // namespace

Task<MigrationOutcome> Migrate(pg::Pool& pool, MigrateOptions options) {
  const pg::Pool::AdvisoryLock lock = co_await pool.WaitForAdvisoryLock(kMigrationLock);
  Database database = co_await ReadDatabase(pool);
  if (!database.has_plus) {
    // Before the list is made, so that a database we refuse stays as it is.
    if (!database.public_is_empty) CheckOriginal(database);
    const auto list = std::ranges::find(options.migrations, 0, &Migration::version);
    if (list == options.migrations.end()) throw InternalError("no migration makes plus.migration");
    co_await Apply(pool, *list);
  }
  database.applied.insert(0);

  MigrationOutcome outcome = co_await Prepare(pool, options.migrations, database);
  for (const Migration& migration : options.migrations) {
    if (database.applied.contains(migration.version)) continue;
    co_await Apply(pool, migration);
    outcome.applied.push_back(migration.version);
  }
  if (!outcome.unknown_original.empty()) {
    log::Warn(kContext,
              "A newer Immich has migrated this database ({}). It is used as it is; some things may not work.",
              fmt::join(outcome.unknown_original, ", "));
  }
  co_return outcome;
}

}  // namespace immich::db
