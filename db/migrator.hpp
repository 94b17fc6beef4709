#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"

namespace immich::pg {
class Pool;
}

namespace immich::db {

/// One file of db/migrations, compiled in.
struct Migration {
  int version;
  /// Base name of the file, e.g. `0004_assets`.
  std::string_view name;
  std::string_view sql;
};

/// Migrations below this number build the original's schema in `public`, those from it on our own in `plus`.
inline constexpr int kFirstPlusVersion = 100;
/// Advisory lock held while migrating; the original takes the same one.
inline constexpr std::int64_t kMigrationLock = 200;

/// All files of db/migrations, ascending by version.
std::span<const Migration> Migrations();
/// Names of the original's migrations that our schema contains (the state of Immich 3.1), ascending.
std::span<const std::string_view> OriginalMigrations();

struct MigrateOptions {
  /// Version 0 makes the list of migrations and runs whenever that is missing; the others run once, ascending.
  std::span<const Migration> migrations = Migrations();
};

struct MigrationOutcome {
  enum class State {
    kUpToDate,   ///< nothing was left to do
    kCreated,    ///< the database was empty (or an earlier attempt to fill it had stopped half-way)
    kTakenOver,  ///< the original had built it; only `plus` was added
    kUpgraded,   ///< ours before, with migrations that had not run yet
  };
  State state = State::kUpToDate;
  /// Versions of the migrations run by this call, ascending.
  std::vector<int> applied;
  /// Migrations of a newer original that we do not know. The database is used all the same; a warning was logged.
  std::vector<std::string> unknown_original;
};

/// Brings the database behind `pool` to the schema this program needs. Each file is one transaction together with its
/// row in plus.migration, so a failure loses only the file that failed and the next call goes on there. Processes that
/// call this at the same time wait for each other (advisory lock 200).
///
/// Throws Unavailable when `public` holds something else than Immich's tables or those of a version before 3.1, and
/// InternalError, whose detail names the file, when a migration fails.
Task<MigrationOutcome> Migrate(pg::Pool& pool, MigrateOptions options = {});

}  // namespace immich::db
