// What happens when the connection to PostgreSQL breaks, at every moment that matters.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <filesystem>

#include "platform/pg/pg_connect_settings.hpp"
#include "platform/pg/testing/pg_fault_proxy.hpp"
#include "platform/pg/testing/pg_test_pool.hpp"
#include "platform/testing/pg_test_cluster.hpp"

namespace immich::pg {
namespace {

using std::chrono::milliseconds;

/// A pool whose connections pass through a proxy, and a direct one to look at the truth.
struct Bench {
  FaultProxy& proxy;
  Pool& pool;
  Pool& direct;
};

std::string SocketPath() {
  std::string host, port = "5432";
  for (const auto& [keyword, value] : ConnectSettings::Parse(TestUrl(), "test").parameters) {
    if (keyword == "host") host = value;
    if (keyword == "port") port = value;
  }
  return host + "/.s.PGSQL." + port;
}

class PgFaultTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/pg-fault-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
    WithPool([](Pool& pool) -> Task<void> {
      co_await pool.RunScript("DROP TABLE IF EXISTS fault_item; CREATE TABLE fault_item (id int PRIMARY KEY)");
    });
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void WithBench(const std::function<Task<void>(Bench)>& body, std::size_t connections = 1) {
    WithPool([&](Pool& direct) -> Task<void> {
      const auto executor = co_await boost::asio::this_coro::executor;
      std::string upstream = SocketPath();
      const std::string port = upstream.substr(upstream.rfind('.') + 1);
      FaultProxy proxy(executor, upstream, folder_ + "/.s.PGSQL." + port);
      PoolOptions options = TestOptions();
      options.url += "&host=" + folder_;
      options.max_connections = connections;
      options.acquire_timeout = milliseconds(3000);
      Pool pool(executor, options);
      const Bench bench{proxy, pool, direct};
      co_await body(bench);
    });
  }

  std::string folder_;
};

Task<std::int64_t> CountItems(Pool& pool) {
  const Result result = co_await pool.RunDynamic("SELECT count(*) FROM fault_item");
  co_return result[0].Get<std::int64_t>(0);
}

constexpr char kInsert[] = "INSERT INTO fault_item VALUES ($1)";

TEST_F(PgFaultTest, BreakDuringAStatementIsUnavailableAndThePoolRecovers) {
  WithBench([](Bench bench) -> Task<void> {
    co_await bench.pool.RunDynamic("SELECT 1");
    bench.proxy.CutAfter("pg_sleep");
    EXPECT_THROW(co_await bench.pool.RunDynamic("SELECT pg_sleep(0.05)"), Unavailable);
    const Result after = co_await bench.pool.RunDynamic("SELECT 1");
    EXPECT_EQ(after.size(), 1U);
    EXPECT_EQ(bench.proxy.accepted(), 2U);
  });
}

TEST_F(PgFaultTest, IdleConnectionThatDiedIsReplacedUnnoticed) {
  WithBench([](Bench bench) -> Task<void> {
    co_await bench.pool.RunDynamic("SELECT 1");
    bench.proxy.CutAll();
    co_await SleepFor(milliseconds(20));
    const Result after = co_await bench.pool.RunDynamic("SELECT 1");
    EXPECT_EQ(after.size(), 1U);
    // The same when the server says good-bye first.
    co_await bench.direct.RunDynamic(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()");
    co_await SleepFor(milliseconds(100));
    co_await bench.pool.InTransaction([](Transaction& tx) -> Task<void> { co_await tx.RunDynamic("SELECT 1"); });
    EXPECT_EQ(bench.proxy.accepted(), 3U);
  });
}

TEST_F(PgFaultTest, TerminatedDuringAStatementIsUnavailable) {
  WithBench([](Bench bench) -> Task<void> {
    EXPECT_THROW(co_await bench.pool.RunDynamic("SELECT pg_terminate_backend(pg_backend_pid())"), Unavailable);
    const Result after = co_await bench.pool.RunDynamic("SELECT 1");
    EXPECT_EQ(after.size(), 1U);
  });
}

TEST_F(PgFaultTest, AServerWithoutDiskOrMemoryIsUnavailable) {
  WithBench([](Bench bench) -> Task<void> {
    const auto status_of = [&bench](std::string text) -> Task<int> {
      try {
        co_await bench.pool.RunDynamic(std::move(text));
      } catch (const Unavailable& error) {
        co_return error.http_status();
      }
      co_return 0;
    };
    EXPECT_EQ(co_await status_of("DO $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END$$"), 507);
    EXPECT_EQ(co_await status_of("DO $$BEGIN RAISE EXCEPTION 'no memory' USING ERRCODE = '53200'; END$$"), 503);
    EXPECT_EQ(co_await status_of("SELECT 1"), 0);
  });
}

TEST_F(PgFaultTest, CommitThatNeverArrivedIsUnknown) {
  WithBench([](Bench bench) -> Task<void> {
    bench.proxy.CutBefore("COMMIT");
    int attempts = 0;
    EXPECT_THROW(co_await bench.pool.InTransaction([&](Transaction& tx) -> Task<void> {
      ++attempts;
      co_await tx.RunDynamic(kInsert, Params(1));
    }),
                 CommitUnknown);
    EXPECT_EQ(attempts, 1);
    EXPECT_EQ(co_await CountItems(bench.direct), 0);
  });
}

TEST_F(PgFaultTest, CommitWhoseAnswerIsLostIsUnknownToo) {
  WithBench([](Bench bench) -> Task<void> {
    bench.proxy.CutAfter("COMMIT");
    int attempts = 0;
    EXPECT_THROW(co_await bench.pool.InTransaction([&](Transaction& tx) -> Task<void> {
      ++attempts;
      co_await tx.RunDynamic(kInsert, Params(1));
    }),
                 CommitUnknown);
    EXPECT_EQ(attempts, 1);
    EXPECT_EQ(co_await CountItems(bench.direct), 1);
    EXPECT_EQ(co_await CountItems(bench.pool), 1);
  });
}

TEST_F(PgFaultTest, TransactionBrokenBeforeCommitRunsAgain) {
  WithBench([](Bench bench) -> Task<void> {
    int attempts = 0;
    co_await bench.pool.InTransaction([&](Transaction& tx) -> Task<void> {
      if (++attempts == 1) bench.proxy.CutAfter("fault_item");
      co_await tx.RunDynamic(kInsert, Params(1));
      co_await tx.RunDynamic(kInsert, Params(2));
    });
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(co_await CountItems(bench.direct), 2);

    attempts = 0;
    co_await bench.pool.InTransaction([&](Transaction& tx) -> Task<void> {
      co_await tx.RunDynamic(kInsert, Params(3));
      if (++attempts > 1) co_return;
      // Lost after the last statement: known not to be committed, because COMMIT was not sent.
      bench.proxy.CutAll();
      co_await SleepFor(milliseconds(20));
    });
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(co_await CountItems(bench.direct), 3);
  });
}

TEST_F(PgFaultTest, StatementsWaitForAServerThatComesBack) {
  WithBench(
      [](Bench bench) -> Task<void> {
        co_await bench.pool.RunDynamic("SELECT 1");
        bench.proxy.SetRefusing(true);
        bench.proxy.CutAll();
        co_await SleepFor(milliseconds(20));
        int done = 0;
        auto client = [&]() -> Task<void> {
          co_await bench.pool.RunDynamic("SELECT 1");
          ++done;
        };
        const auto executor = co_await boost::asio::this_coro::executor;
        for (int i = 0; i < 20; ++i) Spawn(executor, "Test", client());
        co_await SleepFor(milliseconds(300));
        EXPECT_EQ(done, 0);
        // One knocks for all, with growing pauses.
        EXPECT_LT(bench.proxy.accepted(), 12U);
        bench.proxy.SetRefusing(false);
        for (int i = 0; i < 200 && done < 20; ++i) co_await SleepFor(milliseconds(10));
        EXPECT_EQ(done, 20);
      },
      4);
}

TEST_F(PgFaultTest, ServerThatStaysAwayIsUnavailable) {
  WithBench([](Bench bench) -> Task<void> {
    bench.proxy.SetRefusing(true);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THROW(co_await bench.pool.RunDynamic("SELECT 1"), Unavailable);
    EXPECT_FALSE(co_await bench.pool.Ping(milliseconds(100)));
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(5000));
  });
}

TEST_F(PgFaultTest, CommitIsNotInterruptedByCancellation) {
  WithBench([](Bench bench) -> Task<void> {
    co_await bench.direct.RunScript(
        "CREATE OR REPLACE FUNCTION fault_slow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER fault_slow AFTER INSERT ON fault_item DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION fault_slow()");
    boost::asio::cancellation_signal signal;
    bool committing = false, ended = false;
    auto work = [&]() -> Task<void> {
      co_await bench.pool.InTransaction([&](Transaction& tx) -> Task<void> {
        co_await tx.RunDynamic(kInsert, Params(1));
        committing = true;
      });
    };
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::co_spawn(executor, work(), boost::asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr) {
                            ended = true;
                          }));
    while (!committing) co_await SleepFor(milliseconds(5));
    co_await SleepFor(milliseconds(50));
    signal.emit(boost::asio::cancellation_type::terminal);
    for (int i = 0; i < 200 && !ended; ++i) co_await SleepFor(milliseconds(10));
    EXPECT_TRUE(ended);
    EXPECT_EQ(co_await CountItems(bench.direct), 1);
  });
}

TEST_F(PgFaultTest, PoolSurvivesACrashOfTheServer) {
  testing::PgTestServer server;
  PoolOptions options = TestOptions();
  options.url = server.Url("postgres");
  WithPool(
      [&](Pool& pool) -> Task<void> {
        int listening = 0;
        pool.Listen("crash", [](std::string_view) {}, [&] { ++listening; });
        co_await pool.RunDynamic("SELECT 1");
        EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return listening == 1; }));
        server.Crash();
        const Result after = co_await pool.RunDynamic("SELECT 1");
        EXPECT_EQ(after.size(), 1U);
        EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return listening == 2; }));
      },
      options);
}

}  // namespace
}  // namespace immich::pg
