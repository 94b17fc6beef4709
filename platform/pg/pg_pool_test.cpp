#include "platform/pg/pg_pool.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <map>

#include "platform/pg/testing/pg_test_pool.hpp"

namespace immich::pg {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr Statement kAdd{"test_add", "SELECT $1::int4 + $2::int4"};
constexpr Statement kInsert{"test_insert", "INSERT INTO pool_item (id, name) VALUES ($1, $2)"};
constexpr Statement kCount{"test_count", "SELECT count(*) FROM pool_item"};

/// Tests with the table pool_item(id primary key, name not null).
class PgPoolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WithPool([](Pool& pool) -> Task<void> {
      co_await pool.RunScript(
          "DROP TABLE IF EXISTS pool_item; CREATE TABLE pool_item (id int CONSTRAINT pool_item_key PRIMARY KEY,"
          " name text NOT NULL)");
    });
  }
};

Task<std::int64_t> CountItems(Db& db) {
  const Result result = co_await db.Run(kCount);
  co_return result[0].Get<std::int64_t>(0);
}

TEST_F(PgPoolTest, RunsPreparedAndDynamicStatements) {
  WithPool([](Pool& pool) -> Task<void> {
    for (int i = 0; i < 3; ++i) {
      const Result sum = co_await pool.Run(kAdd, Params(i, 2));
      EXPECT_EQ(sum[0].Get<int>(0), i + 2);
      const Result dynamic = co_await pool.RunDynamic("SELECT $1::text || 'x'", Params("a"));
      EXPECT_EQ(dynamic[0].Get<std::string>(0), "ax");
    }
    const Result inserted = co_await pool.Run(kInsert, Params(1, "one"));
    EXPECT_EQ(inserted.affected_rows(), 1);
    const Result prepared = co_await pool.RunDynamic("SELECT name FROM pg_prepared_statements ORDER BY name");
    EXPECT_EQ(prepared[0].Get<std::string>(0), "dynamic-1");
    EXPECT_EQ(pool.stats().idle, 1U);
    EXPECT_EQ(pool.stats().in_use, 0U);
  });
}

TEST_F(PgPoolTest, SessionIsUtc) {
  WithPool([](Pool& pool) -> Task<void> {
    const Result zone = co_await pool.RunDynamic("SHOW TimeZone");
    EXPECT_EQ(zone[0].Get<std::string>(0), "UTC");
    const Result name = co_await pool.RunDynamic("SELECT current_setting('application_name')");
    EXPECT_EQ(name[0].Get<std::string>(0), "immich");
  });
}

TEST_F(PgPoolTest, DynamicStatementsAreEvictedOnTheServer) {
  WithPool([](Pool& pool) -> Task<void> {
    for (int i = 0; i < 300; ++i) {
      const Result result = co_await pool.RunDynamic(fmt::format("SELECT {}", i));
      EXPECT_EQ(result[0].Get<int>(0), i);
    }
    const Result count = co_await pool.RunDynamic("SELECT count(*) FROM pg_prepared_statements");
    EXPECT_LE(count[0].Get<std::int64_t>(0), 129);
    const Result again = co_await pool.RunDynamic("SELECT 1");
    EXPECT_EQ(again[0].Get<int>(0), 1);
  });
}

TEST_F(PgPoolTest, UniqueViolationNamesTheConstraint) {
  WithPool([](Pool& pool) -> Task<void> {
    co_await pool.Run(kInsert, Params(1, "one"));
    try {
      co_await pool.Run(kInsert, Params(1, "again"));
      ADD_FAILURE() << "no error";
    } catch (const QueryError& error) {
      EXPECT_TRUE(error.is_unique_violation());
      EXPECT_FALSE(error.is_foreign_key_violation());
      EXPECT_EQ(error.constraint(), "pool_item_key");
      EXPECT_STREQ(error.what(), "Internal server error");
      EXPECT_THAT(error.detail(), ::testing::HasSubstr("test_insert"));
    }
    // The connection is good for the next statement.
    EXPECT_EQ(co_await CountItems(pool), 1);
    EXPECT_EQ(pool.stats().idle, 1U);
  });
}

TEST_F(PgPoolTest, SyntaxErrorsAndNulAreQueryErrors) {
  WithPool([](Pool& pool) -> Task<void> {
    EXPECT_THROW(co_await pool.RunDynamic("SELEKT 1"), QueryError);
    EXPECT_THROW(co_await pool.RunDynamic("SELEKT 1"), QueryError);
    try {
      const std::string nul("a\0b", 3);
      co_await pool.RunDynamic("SELECT $1::text", Params(nul));
      ADD_FAILURE() << "no error";
    } catch (const QueryError& error) {
      EXPECT_EQ(error.sqlstate(), "22021");
    }
    const Result result = co_await pool.RunDynamic("SELECT 1");
    EXPECT_EQ(result.size(), 1U);
  });
}

TEST_F(PgPoolTest, PipelineIsOneTransactionInOrder) {
  WithPool([](Pool& pool) -> Task<void> {
    std::vector<std::pair<Statement, Params>> good;
    for (int i = 0; i < 500; ++i) good.emplace_back(kInsert, Params(i, std::string(1000, 'x')));
    good.emplace_back(kCount, Params());
    const std::vector<Result> results = co_await pool.RunPipeline(std::move(good));
    EXPECT_EQ(results.size(), 501U);
    EXPECT_EQ(results.back()[0].Get<std::int64_t>(0), 500);

    std::vector<std::pair<Statement, Params>> bad = {{kInsert, Params(1000, "new")}, {kInsert, Params(3, "twice")}};
    EXPECT_THROW(co_await pool.RunPipeline(std::move(bad)), QueryError);
    EXPECT_EQ(co_await CountItems(pool), 500);
  });
}

TEST_F(PgPoolTest, PipelineWithMoreBytesThanBothSocketBuffers) {
  WithPool([](Pool& pool) -> Task<void> {
    constexpr Statement kEcho{"test_echo", "SELECT $1::text"};
    const std::string big(200'000, 'y');
    std::vector<std::pair<Statement, Params>> batch;
    for (int i = 0; i < 100; ++i) batch.emplace_back(kEcho, Params(big));
    const std::vector<Result> results = co_await pool.RunPipeline(std::move(batch));
    EXPECT_EQ(results.size(), 100U);
    EXPECT_EQ(results[99][0].Get<std::string_view>(0), big);
  });
}

TEST_F(PgPoolTest, StreamsRowsWithoutHoldingThem) {
  WithPool([](Pool& pool) -> Task<void> {
    std::int64_t sum = 0;
    const std::size_t before = Result::TotalMemoryBytes();
    std::size_t most = 0;
    for (int round = 0; round < 2; ++round) {
      co_await pool.Stream("SELECT i, repeat('x', 1000) FROM generate_series(1, $1::int) i", Params(20000),
                           [&](Row row) -> Task<void> {
                             sum += row.Get<int>(0);
                             most = std::max(most, Result::TotalMemoryBytes() - before);
                             co_return;
                           });
    }
    EXPECT_EQ(sum, 2 * 200'010'000LL);
    EXPECT_LT(most, 20'000U);
    EXPECT_THROW(
        co_await pool.Stream("SELECT 1/(i-5) FROM generate_series(1, 10) i", {}, [](Row) -> Task<void> { co_return; }),
        QueryError);
    EXPECT_THROW(co_await pool.Stream("SELECT i FROM generate_series(1, 10) i", {},
                                      [](Row) -> Task<void> {
                                        throw BadRequest("enough");
                                        co_return;
                                      }),
                 BadRequest);
    EXPECT_EQ(co_await CountItems(pool), 0);
  });
}

TEST_F(PgPoolTest, WaitsForAConnectionThenGivesUp) {
  PoolOptions options = TestOptions();
  options.max_connections = 2;
  options.acquire_timeout = milliseconds(300);
  WithPool(
      [](Pool& pool) -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        int slept = 0;
        auto sleeper = [&](double seconds) -> Task<void> {
          co_await pool.RunDynamic("SELECT pg_sleep($1)", Params(seconds));
          ++slept;
        };
        Spawn(executor, "Test", sleeper(0.15));
        Spawn(executor, "Test", sleeper(1.2));
        co_await SleepFor(milliseconds(50));
        const Result waited = co_await pool.RunDynamic("SELECT 1");
        EXPECT_EQ(waited.size(), 1U);
        EXPECT_EQ(slept, 1);
        Spawn(executor, "Test", sleeper(0.8));
        co_await SleepFor(milliseconds(1));
        const auto start = Clock::now();
        try {
          co_await pool.RunDynamic("SELECT 1");
          ADD_FAILURE() << "got a connection";
        } catch (const Unavailable& error) {
          EXPECT_EQ(error.http_status(), 503);
        }
        EXPECT_GE(Clock::now() - start, milliseconds(290));
        EXPECT_EQ(pool.stats().in_use, 2U);
        EXPECT_EQ(pool.stats().waiting, 0U);
      },
      options);
}

TEST_F(PgPoolTest, ManyCoroutinesShareFewConnections) {
  PoolOptions options = TestOptions();
  options.max_connections = 3;
  WithPool(
      [](Pool& pool) -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        int done = 0;
        auto client = [&](int number) -> Task<void> {
          for (int i = 0; i < 20; ++i) {
            const Result sum = co_await pool.Run(kAdd, Params(number, i));
            EXPECT_EQ(sum[0].Get<int>(0), number + i);
          }
          ++done;
        };
        for (int i = 0; i < 100; ++i) Spawn(executor, "Test", client(i));
        EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return done == 100; }));
        EXPECT_EQ(pool.stats().idle, 3U);
      },
      options);
}

TEST_F(PgPoolTest, IdleConnectionsAreClosed) {
  PoolOptions options = TestOptions();
  options.idle_timeout = milliseconds(100);
  WithPool(
      [](Pool& pool) -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        auto sleeper = [&]() -> Task<void> { co_await pool.RunDynamic("SELECT pg_sleep(0.1)"); };
        for (int i = 0; i < 4; ++i) Spawn(executor, "Test", sleeper());
        EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return pool.stats().idle == 4; }));
        EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return pool.stats().idle == 1; }));
      },
      options);
}

TEST_F(PgPoolTest, CancellationStopsTheStatementOnTheServer) {
  WithPool([](Pool& pool) -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    asio::cancellation_signal signal;
    bool cancelled = false;
    auto sleeper = [&]() -> Task<void> { co_await pool.RunDynamic("SELECT pg_sleep(60), 'cancel me'"); };
    asio::co_spawn(executor, sleeper(), asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
                     try {
                       std::rethrow_exception(error);
                     } catch (const boost::system::system_error& failure) {
                       cancelled = failure.code() == asio::error::operation_aborted;
                     } catch (...) {
                     }
                   }));
    auto running = [&]() -> Task<bool> {
      const Result count = co_await pool.RunDynamic(
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%cancel me%' AND "
          "state = 'active'"
          " AND pid <> pg_backend_pid()");
      co_return count[0].Get<std::int64_t>(0) == 1;
    };
    EXPECT_TRUE(co_await Eventually(running));
    signal.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return cancelled; }));
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return !co_await running(); }));
    EXPECT_EQ(pool.stats().in_use, 0U);
  });
}

TEST_F(PgPoolTest, WaiterCanBeCancelled) {
  PoolOptions options = TestOptions();
  options.max_connections = 1;
  WithPool(
      [](Pool& pool) -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        asio::cancellation_signal signal;
        bool ended = false;
        auto sleeper = [&]() -> Task<void> { co_await pool.RunDynamic("SELECT pg_sleep(0.2)"); };
        Spawn(executor, "Test", sleeper());
        co_await SleepFor(milliseconds(50));
        asio::co_spawn(executor, sleeper(), asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
                         ended = error != nullptr;
                       }));
        co_await SleepFor(milliseconds(20));
        EXPECT_EQ(pool.stats().waiting, 1U);
        signal.emit(asio::cancellation_type::terminal);
        EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return ended; }));
        EXPECT_EQ(pool.stats().waiting, 0U);
        EXPECT_EQ(co_await CountItems(pool), 0);
      },
      options);
}

TEST_F(PgPoolTest, PlansThatNoLongerFitAreMadeAnew) {
  WithPool([](Pool& pool) -> Task<void> {
    constexpr Statement kAll{"test_all", "SELECT * FROM pool_item"};
    co_await pool.Run(kInsert, Params(1, "one"));
    co_await pool.Run(kAll);
    co_await pool.RunScript("ALTER TABLE pool_item ADD COLUMN extra int DEFAULT 5");
    const Result after = co_await pool.Run(kAll);
    EXPECT_EQ(after[0].Get<int>("extra"), 5);
    co_await pool.RunScript("ALTER TABLE pool_item ADD COLUMN more int DEFAULT 6");
    co_await pool.InTransaction([&](Transaction& tx) -> Task<void> {
      const Result inside = co_await tx.Run(kAll);
      EXPECT_EQ(inside[0].Get<int>("more"), 6);
    });
  });
}

TEST_F(PgPoolTest, NotificationsArrive) {
  WithPool([](Pool& pool) -> Task<void> {
    std::vector<std::string> first, second;
    int listening = 0;
    pool.Listen("Test \"one\"", [&](std::string_view payload) { first.emplace_back(payload); }, [&] { ++listening; });
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return listening == 1; }));
    pool.Listen("two", [&](std::string_view payload) { second.emplace_back(payload); }, [&] { ++listening; });
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return listening == 2; }));
    for (int i = 0; i < 3; ++i) {
      co_await pool.RunDynamic("SELECT pg_notify('Test \"one\"', $1)", Params(std::to_string(i)));
    }
    co_await pool.RunDynamic("NOTIFY two, 'x'");
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return first.size() == 3 && second.size() == 1; }));
    EXPECT_EQ(first, (std::vector<std::string>{"0", "1", "2"}));
    // The connection is lost: listening begins again.
    co_await pool.RunDynamic(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE "
        "'LISTEN%'");
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return listening == 4; }));
    co_await pool.RunDynamic("NOTIFY two, 'y'");
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return second.size() == 2; }));
  });
}

TEST_F(PgPoolTest, CatchesUpWithNotifications) {
  WithPool([](Pool& pool) -> Task<void> {
    EXPECT_FALSE(co_await pool.CatchUpWithNotifications()) << "nobody listens";
    EXPECT_FALSE(pool.TakeNotifications());
    std::vector<std::string> heard;
    int listening = 0, lost = 0;
    pool.Listen(
        "news", [&](std::string_view payload) { heard.emplace_back(payload); }, [&] { ++listening; }, [&] { ++lost; });
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return listening == 1; }));
    std::vector<std::string> sent;
    for (int i = 0; i < 200; ++i) {
      sent.push_back(std::to_string(i));
      const Params params(sent.back());
      co_await pool.RunDynamic("SELECT pg_notify('news', $1)", params);
      EXPECT_TRUE(co_await pool.CatchUpWithNotifications());
      EXPECT_EQ(heard, sent);
      if (heard != sent) co_return;
    }
    EXPECT_TRUE(pool.TakeNotifications());

    // Several at a time, one of them in the middle of another's round trip.
    int done = 0;
    const auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < 5; ++i) {
      auto wait = [&]() -> Task<void> { done += co_await pool.CatchUpWithNotifications() ? 1 : 0; };
      Spawn(executor, "Test", wait());
      if (i == 2) co_await pool.RunDynamic("SELECT 1");
    }
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return done == 5; }));

    EXPECT_EQ(lost, 0);
    co_await pool.RunDynamic(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE "
        "'LISTEN%'");
    // Never a promise that cannot be kept: false, or true of the new connection.
    const bool caught_up = co_await pool.CatchUpWithNotifications();
    EXPECT_TRUE(!caught_up || listening == 2);
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return listening == 2; }));
    EXPECT_EQ(lost, 1);
    EXPECT_TRUE(co_await pool.CatchUpWithNotifications());
  });
}

TEST_F(PgPoolTest, AdvisoryLocksExcludeEachOther) {
  WithPool([](Pool& pool) -> Task<void> {
    Pool::AdvisoryLock held = co_await pool.TryAdvisoryLock(4711);
    EXPECT_TRUE(held);
    EXPECT_TRUE(held.IsHeld());
    EXPECT_FALSE(co_await pool.TryAdvisoryLock(4711));
    EXPECT_TRUE(co_await pool.TryAdvisoryLock(4712));
    bool got = false;
    auto wait = [&]() -> Task<void> {
      const Pool::AdvisoryLock lock = co_await pool.WaitForAdvisoryLock(4711);
      got = static_cast<bool>(lock);
    };
    Spawn(co_await asio::this_coro::executor, "Test", wait());
    co_await SleepFor(milliseconds(100));
    EXPECT_FALSE(got);
    held = {};
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return got; }));
    Pool::AdvisoryLock lost;
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> {
      lost = co_await pool.TryAdvisoryLock(4711);
      co_return static_cast<bool>(lost);
    }));
    co_await pool.RunDynamic(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE "
        "'%pg_try_advisory_lock($1)%'"
        " AND pid <> pg_backend_pid()");
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return !lost.IsHeld(); }));
  });
}

TEST_F(PgPoolTest, ReportsLatencies) {
  std::map<std::string, int, std::less<>> seen;
  PoolOptions options = TestOptions();
  options.on_statement = [&](std::string_view name, std::chrono::microseconds duration) {
    ++seen[std::string(name)];
    EXPECT_GT(duration.count(), 0);
  };
  WithPool(
      [](Pool& pool) -> Task<void> {
        co_await pool.Run(kAdd, Params(1, 2));
        co_await pool.Run(kAdd, Params(1, 2));
        co_await pool.RunDynamic("SELECT 1");
        co_await pool.Stream("SELECT 1", {}, [](Row) -> Task<void> { co_return; });
        std::vector<std::pair<Statement, Params>> batch = {{kAdd, Params(1, 2)}};
        co_await pool.RunPipeline(std::move(batch));
      },
      options);
  EXPECT_EQ(seen,
            (std::map<std::string, int, std::less<>>{{"test_add", 2}, {"dynamic", 1}, {"stream", 1}, {"pipeline", 1}}));
}

TEST_F(PgPoolTest, PingAndClose) {
  WithPool([](Pool& pool) -> Task<void> {
    EXPECT_TRUE(co_await pool.Ping(milliseconds(1000)));
    pool.Close();
    EXPECT_FALSE(co_await pool.Ping(milliseconds(100)));
    EXPECT_THROW(co_await pool.RunDynamic("SELECT 1"), Unavailable);
  });
}

TEST_F(PgPoolTest, UnusableUrlIsRefusedAtOnce) {
  PoolOptions options;
  options.url = "postgresql://host/db?nonsense=1";
  EXPECT_THROW(WithPool([](Pool&) -> Task<void> { co_return; }, options), InternalError);
}

TEST_F(PgPoolTest, NoServerIsUnavailableAfterTheTimeout) {
  PoolOptions options;
  options.url = "host=/nonexistent user=x dbname=x";
  options.acquire_timeout = milliseconds(200);
  WithPool(
      [](Pool& pool) -> Task<void> {
        EXPECT_THROW(co_await pool.RunDynamic("SELECT 1"), Unavailable);
        EXPECT_FALSE(co_await pool.Ping(milliseconds(100)));
        EXPECT_THROW(co_await pool.TryAdvisoryLock(1), Unavailable);
      },
      options);
}

}  // namespace
}  // namespace immich::pg
