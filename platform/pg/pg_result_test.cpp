#include "platform/pg/pg_result.hpp"

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <cmath>
#include <limits>

#include "platform/async/event_loop.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/pg/testing/pg_test_pool.hpp"

namespace immich::pg {
namespace {

using Texts = std::vector<std::string>;

/// The result of `sql` with parameters.
Result Query(std::string sql, Params params = {}) {
  Result result;
  WithPool([&](Pool& pool) -> Task<void> { result = co_await pool.RunDynamic(sql, params); });
  return result;
}

TimePoint At(std::int64_t unix_us) {
  return TimePoint(std::chrono::microseconds(unix_us));
}

TEST(PgResultTest, Integers) {
  const Result result = Query("SELECT 1::int2, -2::int4, 9007199254740993::int8, 4294967295::oid, 3000000000::int8");
  const Row row = result[0];
  EXPECT_EQ(row.Get<int>(0), 1);
  EXPECT_EQ(row.Get<int>(1), -2);
  EXPECT_EQ(row.Get<std::int64_t>(2), 9007199254740993);
  EXPECT_EQ(row.Get<std::int64_t>(3), 4294967295);
  EXPECT_THROW(row.Get<int>(4), InternalError);
  EXPECT_THROW(row.Get<std::string>(0), InternalError);
  EXPECT_THROW(row.Get<bool>(0), InternalError);
}

TEST(PgResultTest, Doubles) {
  const Result result = Query(
      "SELECT 0.1::float8, 0.5::float4, 3::int4, 12345.678901::numeric, -0.000123::numeric, 1e30::numeric,"
      " 0::numeric, 'NaN'::numeric, 'Infinity'::float8, 100000000::numeric, '-Infinity'::numeric, 1e-20::numeric");
  const Row row = result[0];
  EXPECT_EQ(row.Get<double>(0), 0.1);
  EXPECT_EQ(row.Get<double>(1), 0.5);
  EXPECT_EQ(row.Get<double>(2), 3);
  EXPECT_EQ(row.Get<double>(3), 12345.678901);
  EXPECT_EQ(row.Get<double>(4), -0.000123);
  EXPECT_EQ(row.Get<double>(5), 1e30);
  EXPECT_EQ(row.Get<double>(6), 0);
  EXPECT_TRUE(std::isnan(row.Get<double>(7)));
  EXPECT_EQ(row.Get<double>(8), std::numeric_limits<double>::infinity());
  EXPECT_EQ(row.Get<double>(9), 100000000);
  EXPECT_EQ(row.Get<double>(10), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(row.Get<double>(11), 1e-20);
}

TEST(PgResultTest, TextLikeTypes) {
  const Result result = Query(
      "SELECT 'täxt'::text, 'v'::varchar, 'n'::name, '{\"a\": 1}'::jsonb, '{\"a\":1}'::json, ''::text, 'c'::char(3)");
  const Row row = result[0];
  EXPECT_EQ(row.Get<std::string>(0), "täxt");
  EXPECT_EQ(row.Get<std::string_view>(1), "v");
  EXPECT_EQ(row.Get<std::string>(2), "n");
  EXPECT_EQ(row.Get<std::string>(3), "{\"a\": 1}");
  EXPECT_EQ(row.Get<std::string>(4), "{\"a\":1}");
  EXPECT_EQ(row.Get<std::string>(5), "");
  EXPECT_EQ(row.Get<std::string>(6), "c  ");
  EXPECT_THROW(row.Get<std::int64_t>(0), InternalError);
  EXPECT_THROW(row.Get<Uuid>(0), InternalError);
}

TEST(PgResultTest, EnumsAndTheirArraysAreText) {
  WithPool([](Pool& pool) -> Task<void> {
    co_await pool.RunScript("DROP TYPE IF EXISTS pg_result_mood; CREATE TYPE pg_result_mood AS ENUM ('sad', 'glad')");
    const Result result = co_await pool.RunDynamic("SELECT 'glad'::pg_result_mood, '{sad,glad}'::pg_result_mood[]");
    EXPECT_EQ(result[0].Get<std::string>(0), "glad");
    EXPECT_EQ(result[0].Get<Texts>(1), (Texts{"sad", "glad"}));
    co_await pool.RunScript("DROP TYPE pg_result_mood");
  });
}

TEST(PgResultTest, Times) {
  const Result result = Query(
      "SELECT '2024-01-02 03:04:05.678901+00'::timestamptz, '1999-12-31 23:59:59.999999'::timestamp,"
      " '1969-07-20'::date, 'infinity'::timestamptz, '-infinity'::timestamptz, 'infinity'::date,"
      " '-infinity'::date, '0044-03-15 BC'::date, '294276-12-31'::timestamp, '5874897-01-01'::date");
  const Row row = result[0];
  EXPECT_EQ(row.Get<TimePoint>(0), At(1'704'164'645'678'901));
  EXPECT_EQ(row.Get<TimePoint>(1), At(946'684'799'999'999));
  EXPECT_EQ(row.Get<TimePoint>(2), At(-14'256'000'000'000));
  EXPECT_EQ(row.Get<TimePoint>(3), TimePoint::max());
  EXPECT_EQ(row.Get<TimePoint>(4), TimePoint::min());
  EXPECT_EQ(row.Get<TimePoint>(5), TimePoint::max());
  EXPECT_EQ(row.Get<TimePoint>(6), TimePoint::min());
  EXPECT_EQ(row.Get<TimePoint>(7), At(-63'517'824'000'000'000));
  EXPECT_EQ(row.Get<TimePoint>(8), TimePoint::max());
  EXPECT_EQ(row.Get<TimePoint>(9), TimePoint::max());
}

TEST(PgResultTest, TimesSurviveTheRoundTrip) {
  for (const std::int64_t unix_us : {0L, -1L, 1'704'164'645'678'901L, -62'135'596'800'000'001L,
                                     253'402'300'800'000'000L, 9'000'000'000'000'000'000L}) {
    const Result result = Query("SELECT $1::timestamptz", Params(At(unix_us)));
    EXPECT_EQ(result[0].Get<TimePoint>(0), At(unix_us)) << unix_us;
  }
  EXPECT_EQ(Query("SELECT $1::timestamptz", Params(TimePoint::max()))[0].Get<TimePoint>(0), TimePoint::max());
  EXPECT_EQ(Query("SELECT $1::timestamp", Params(TimePoint::min()))[0].Get<TimePoint>(0), TimePoint::min());
}

TEST(PgResultTest, BytesAndUuids) {
  std::vector<std::uint8_t> all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  using TestId = Id<struct TestIdTag>;
  const TestId id = TestId::Random();
  const Result result =
      Query("SELECT $1::bytea, $2::uuid, $3::uuid[]", Params(Bytes{all}, id, std::vector<TestId>{id, TestId{}}));
  EXPECT_EQ(result[0].Get<std::vector<std::uint8_t>>(0), all);
  EXPECT_EQ(result[0].Get<TestId>(1), id);
  EXPECT_EQ(result[0].Get<Uuid>(1), id.value);
  EXPECT_EQ(result[0].Get<std::vector<TestId>>(2), (std::vector<TestId>{id, TestId{}}));
}

TEST(PgResultTest, NullsAndNames) {
  const Result result = Query("SELECT NULL::text AS \"camelCase\", 1 AS \"camelcase\"");
  const Row row = result[0];
  EXPECT_TRUE(row.IsNull("camelCase"));
  EXPECT_EQ(row.Find<std::string>("camelCase"), std::nullopt);
  EXPECT_EQ(row.Find<int>("camelcase"), 1);
  EXPECT_THROW(row.Get<std::string>(0), InternalError);
  EXPECT_THROW(row.Column("CamelCase"), InternalError);
  EXPECT_THROW(row.IsNull(2), InternalError);
  EXPECT_THROW(row.Get<int>(-1), InternalError);
}

TEST(PgResultTest, Arrays) {
  const Texts texts = {"plain", "", "with \"quotes\"", "back\\slash", "a,b", "{x}", "NULL", "ünï\n"};
  const Result result = Query(
      "SELECT $1::text[], $2::int8[], '{}'::text[], '{1,2}'::int4[], '{0.5,2}'::float4[], '{t,f}'::bool[],"
      " '{a,NULL}'::varchar[], '{{1,2},{3,4}}'::int4[], '{\"1970-01-01 00:00:01+00\",NULL}'::timestamptz[]",
      Params(texts, std::vector<std::int64_t>{1, -2}));
  const Row row = result[0];
  EXPECT_EQ(row.Get<Texts>(0), texts);
  EXPECT_EQ(row.Get<std::vector<std::int64_t>>(1), (std::vector<std::int64_t>{1, -2}));
  EXPECT_TRUE(row.Get<Texts>(2).empty());
  EXPECT_EQ(row.Get<std::vector<int>>(3), (std::vector<int>{1, 2}));
  EXPECT_EQ(row.Get<std::vector<double>>(4), (std::vector<double>{0.5, 2}));
  EXPECT_EQ(row.Get<std::vector<bool>>(5), (std::vector<bool>{true, false}));
  EXPECT_THROW(row.Get<Texts>(6), InternalError);
  EXPECT_EQ(row.Get<std::vector<std::optional<std::string>>>(6),
            (std::vector<std::optional<std::string>>{"a", std::nullopt}));
  EXPECT_THROW(row.Get<std::vector<int>>(7), InternalError);
  EXPECT_EQ(row.Get<std::vector<std::optional<TimePoint>>>(8),
            (std::vector<std::optional<TimePoint>>{At(1'000'000), std::nullopt}));
  EXPECT_THROW(row.Get<Texts>(3), InternalError);
}

TEST(PgResultTest, RowsTagsAndMemory) {
  const std::size_t before = Result::TotalMemoryBytes();
  {
    const Result result = Query("SELECT generate_series(1, 1000)");
    EXPECT_EQ(result.size(), 1000U);
    EXPECT_EQ(result.command_tag(), "SELECT 1000");
    EXPECT_THROW(result[1000], InternalError);
    int sum = 0;
    for (const Row row : result) sum += row.Get<int>(0);
    EXPECT_EQ(sum, 500500);
    EXPECT_GT(result.memory_bytes(), 8000U);
    EXPECT_EQ(Result::TotalMemoryBytes(), before + result.memory_bytes());
  }
  EXPECT_EQ(Result::TotalMemoryBytes(), before);
  EXPECT_TRUE(Result().empty());
}

}  // namespace
}  // namespace immich::pg
