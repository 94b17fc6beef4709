#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "platform/pg/testing/pg_test_pool.hpp"

namespace immich::pg {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr Statement kInsert{"test_insert", "INSERT INTO tx_item (id, name) VALUES ($1, $2)"};
constexpr Statement kCount{"test_count", "SELECT count(*) FROM tx_item"};

/// Tests with the table tx_item(id primary key, name not null).
class PgTransactionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WithPool([](Pool& pool) -> Task<void> {
      co_await pool.RunScript(
          "DROP TABLE IF EXISTS tx_item; CREATE TABLE tx_item (id int CONSTRAINT tx_item_key PRIMARY KEY,"
          " name text NOT NULL)");
    });
  }
};

Task<std::int64_t> CountItems(Db& db) {
  const Result result = co_await db.Run(kCount);
  co_return result[0].Get<std::int64_t>(0);
}

TEST_F(PgTransactionTest, TransactionCommitsAndRollsBack) {
  WithPool([](Pool& pool) -> Task<void> {
    co_await pool.InTransaction([&](Transaction& tx) -> Task<void> {
      co_await tx.Run(kInsert, Params(1, "one"));
      EXPECT_EQ(co_await CountItems(tx), 1);
      EXPECT_EQ(co_await CountItems(pool), 0);
    });
    EXPECT_EQ(co_await CountItems(pool), 1);
    EXPECT_THROW(co_await pool.InTransaction([](Transaction& tx) -> Task<void> {
      co_await tx.Run(kInsert, Params(2, "two"));
      throw BadRequest("no");
    }),
                 BadRequest);
    EXPECT_EQ(co_await CountItems(pool), 1);
    // No statement: no round trip, and no connection left in a transaction.
    co_await pool.InTransaction([](Transaction&) -> Task<void> { co_return; });
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return pool.stats().in_use == 0; }));
  });
}

TEST_F(PgTransactionTest, TransactionWhoseErrorIsSwallowedDoesNotPretendToCommit) {
  WithPool([](Pool& pool) -> Task<void> {
    co_await pool.Run(kInsert, Params(1, "one"));
    try {
      co_await pool.InTransaction([](Transaction& tx) -> Task<void> {
        co_await tx.Run(kInsert, Params(2, "two"));
        EXPECT_THROW(co_await tx.Run(kInsert, Params(1, "again")), QueryError);
      });
      ADD_FAILURE() << "committed";
    } catch (const QueryError& error) {
      EXPECT_EQ(error.sqlstate(), "25P02");
    }
    EXPECT_EQ(co_await CountItems(pool), 1);
  });
}

TEST_F(PgTransactionTest, FirstStatementOfATransactionFails) {
  WithPool([](Pool& pool) -> Task<void> {
    co_await pool.Run(kInsert, Params(1, "one"));
    EXPECT_THROW(co_await pool.InTransaction(
                     [](Transaction& tx) -> Task<void> { co_await tx.Run(kInsert, Params(1, "again")); }),
                 QueryError);
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return pool.stats().in_use == 0; }));
    EXPECT_EQ(pool.stats().idle, 1U);
    EXPECT_EQ(co_await CountItems(pool), 1);
  });
}

TEST_F(PgTransactionTest, DeadlocksAreRetried) {
  WithPool([](Pool& pool) -> Task<void> {
    co_await pool.RunScript("INSERT INTO tx_item VALUES (1, 'a'), (2, 'b'); ");
    int attempts = 0;
    int done = 0;
    int holding = 0;
    auto swap_order = [&](int first, int second) -> Task<void> {
      co_await pool.InTransaction([&](Transaction& tx) -> Task<void> {
        ++attempts;
        co_await tx.RunDynamic("UPDATE tx_item SET name = name || 'x' WHERE id = $1", Params(first));
        // Neither goes on before both hold a row.
        ++holding;
        EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return holding >= 2; }));
        co_await tx.RunDynamic("UPDATE tx_item SET name = name || 'x' WHERE id = $1", Params(second));
      });
      ++done;
    };
    const auto executor = co_await asio::this_coro::executor;
    Spawn(executor, "Test", swap_order(1, 2));
    Spawn(executor, "Test", swap_order(2, 1));
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return done == 2; }));
    // More when the retry takes its row before the one that waits for it, and both block each other again.
    EXPECT_GE(attempts, 3);
    const Result names = co_await pool.RunDynamic("SELECT array_agg(name ORDER BY id) FROM tx_item");
    EXPECT_EQ(names[0].Get<std::vector<std::string>>(0), (std::vector<std::string>{"axx", "bxx"}));
  });
}

TEST_F(PgTransactionTest, ScriptInsideATransactionRollsBackWithIt) {
  WithPool([](Pool& pool) -> Task<void> {
    EXPECT_THROW(co_await pool.InTransaction([](Transaction& tx) -> Task<void> {
      co_await tx.RunScript("INSERT INTO tx_item VALUES (1, 'a'); INSERT INTO tx_item VALUES (2, 'b')");
      EXPECT_EQ(co_await CountItems(tx), 2);
      throw BadRequest("no");
    }),
                 BadRequest);
    EXPECT_EQ(co_await CountItems(pool), 0);
    co_await pool.InTransaction([](Transaction& tx) -> Task<void> {
      co_await tx.RunScript("INSERT INTO tx_item VALUES (1, 'a')");
      std::vector<std::pair<Statement, Params>> batch = {{kInsert, Params(2, "two")}, {kInsert, Params(3, "three")}};
      co_await tx.RunPipeline(std::move(batch));
    });
    EXPECT_EQ(co_await CountItems(pool), 3);
  });
}

TEST_F(PgTransactionTest, ScriptErrorsLeaveNothingBehind) {
  WithPool([](Pool& pool) -> Task<void> {
    EXPECT_THROW(co_await pool.RunScript("INSERT INTO tx_item VALUES (1, 'a'); SELEKT"), QueryError);
    EXPECT_THROW(co_await pool.RunScript("INSERT INTO tx_item VALUES (1, 'a'); SELECT 1/0"), QueryError);
    EXPECT_EQ(co_await CountItems(pool), 0);
    EXPECT_THROW(co_await pool.RunScript("BEGIN; INSERT INTO tx_item VALUES (1, 'a'); SELECT 1/0"), QueryError);
    EXPECT_THROW(co_await pool.RunScript("COPY tx_item FROM STDIN"), InternalError);
    EXPECT_EQ(co_await CountItems(pool), 0);
  });
}

TEST_F(PgTransactionTest, CancelledTransactionIsRolledBackAndItsLocksAreFree) {
  WithPool([](Pool& pool) -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    asio::cancellation_signal signal;
    bool inside = false, ended = false;
    auto work = [&]() -> Task<void> {
      co_await pool.InTransaction([&](Transaction& tx) -> Task<void> {
        co_await tx.Run(kInsert, Params(1, "one"));
        inside = true;
        co_await SleepFor(std::chrono::seconds(60));
      });
    };
    asio::co_spawn(executor, work(), asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
                     ended = error != nullptr;
                   }));
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return inside; }));
    signal.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(co_await Eventually([&]() -> Task<bool> { co_return ended&& pool.stats().in_use == 0; }));
    co_await pool.Run(kInsert, Params(1, "other"));
    EXPECT_EQ(co_await CountItems(pool), 1);
  });
}

}  // namespace
}  // namespace immich::pg
