#include "db/testing/migrated_database.hpp"

#include <boost/asio/this_coro.hpp>
#include <string>
#include <utility>

#include "db/migrator.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich::testing {
namespace {

void WithPoolOn(const std::string& url, const std::function<Task<void>(pg::Pool&)>& body) {
  RunToCompletion([&]() -> Task<void> {
    pg::PoolOptions options;
    options.url = url;
    pg::Pool pool(co_await boost::asio::this_coro::executor, std::move(options));
    co_await body(pool);
  });
}

/// The whole text of the migrations: the cluster tells templates apart by a digest of their names.
std::string TemplateName() {
  std::string name = "migrated";
  for (const db::Migration& migration : db::Migrations()) name += migration.sql;
  return name;
}

void Prepare(const std::string& url) {
  WithPoolOn(url, [](pg::Pool& pool) -> Task<void> { co_await db::Migrate(pool); });
}

}  // namespace

MigratedDatabase::MigratedDatabase() : TestDatabase(TemplateName(), Prepare) {}

void WithPool(const TestDatabase& database, const std::function<Task<void>(pg::Pool&)>& body) {
  WithPoolOn(database.url(), body);
}

}  // namespace immich::testing
