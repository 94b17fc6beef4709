#include "platform/pg/pg_params.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "platform/error/error.hpp"

namespace immich::pg {
namespace {

std::string Text(const Params& params, std::size_t index = 0) {
  return params.values()[index].data;
}

TimePoint At(std::int64_t unix_us) {
  return TimePoint(std::chrono::microseconds(unix_us));
}

TEST(PgParamsTest, ScalarsAreText) {
  const Params params(true, false, -7, std::int64_t{9'007'199'254'740'993}, 0.1, "a", std::string("b"), nullptr,
                      std::optional<int>(), std::optional<std::string>("c"));
  const std::vector<std::string> expected = {"t", "f", "-7", "9007199254740993", "0.1", "a", "b", "", "", "c"};
  ASSERT_EQ(params.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(Text(params, i), expected[i]) << i;
    EXPECT_EQ(params.values()[i].is_null, i == 7 || i == 8) << i;
    EXPECT_FALSE(params.values()[i].is_binary);
  }
}

TEST(PgParamsTest, IntegersOfAnyTypeUpToInt8) {
  EXPECT_EQ(Text(Params(std::uint64_t{12})), "12");
  EXPECT_EQ(Text(Params(static_cast<unsigned char>(200))), "200");
  EXPECT_EQ(Text(Params(12LL)), "12");
  EXPECT_THROW(Params().Add(std::numeric_limits<std::uint64_t>::max()), InternalError);
}

TEST(PgParamsTest, SpecialDoubles) {
  EXPECT_EQ(Text(Params(std::nan(""))), "NaN");
  EXPECT_EQ(Text(Params(std::numeric_limits<double>::infinity())), "Infinity");
  EXPECT_EQ(Text(Params(-std::numeric_limits<double>::infinity())), "-Infinity");
  EXPECT_EQ(std::stod(Text(Params(1e300))), 1e300);
}

TEST(PgParamsTest, Times) {
  EXPECT_EQ(Text(Params(At(0))), "1970-01-01 00:00:00.000000+00");
  EXPECT_EQ(Text(Params(At(-1))), "1969-12-31 23:59:59.999999+00");
  EXPECT_EQ(Text(Params(At(1'704'164'645'678'901))), "2024-01-02 03:04:05.678901+00");
  EXPECT_EQ(Text(Params(At(-62'135'596'800'000'000))), "0001-01-01 00:00:00.000000+00");
  EXPECT_EQ(Text(Params(At(-62'135'596'800'000'001))), "0001-12-31 23:59:59.999999+00 BC");
  EXPECT_EQ(Text(Params(At(253'402'300'800'000'000))), "10000-01-01 00:00:00.000000+00");
  EXPECT_EQ(Text(Params(At(3'093'527'980'800'000'000))), "100000-01-01 00:00:00.000000+00");
  EXPECT_EQ(Text(Params(TimePoint::max())), "infinity");
  EXPECT_EQ(Text(Params(TimePoint::min())), "-infinity");
}

TEST(PgParamsTest, ArraysAreLiterals) {
  const std::vector<std::string> texts = {"plain", "", "with \"quotes\"", "back\\slash", "a,b", "{x}", "NULL"};
  EXPECT_EQ(Text(Params(texts)), R"({"plain","","with \"quotes\"","back\\slash","a,b","{x}","NULL"})");
  EXPECT_EQ(Text(Params(std::vector<std::int64_t>{1, -2})), "{1,-2}");
  EXPECT_EQ(Text(Params(std::vector<double>{0.5, -2})), "{0.5,-2}");
  EXPECT_EQ(Text(Params(std::vector<std::int64_t>{})), "{}");
  const Uuid uuid = *Uuid::Parse("01020304-0506-0708-090a-0b0c0d0e0f10");
  EXPECT_EQ(Text(Params(std::vector<Uuid>{uuid, uuid})),
            "{01020304-0506-0708-090a-0b0c0d0e0f10,01020304-0506-0708-090a-0b0c0d0e0f10}");
  using TestId = Id<struct TestIdTag>;
  EXPECT_EQ(Text(Params(std::vector<TestId>{TestId(uuid)})), "{01020304-0506-0708-090a-0b0c0d0e0f10}");
  EXPECT_EQ(Text(Params(TestId(uuid))), "01020304-0506-0708-090a-0b0c0d0e0f10");
}

TEST(PgParamsTest, NulInTextIsNoticedAndInBytesAllowed) {
  EXPECT_TRUE(Params(std::string_view("a\0b", 3)).has_nul());
  EXPECT_TRUE(Params(std::vector<std::string>{std::string("a\0b", 3)}).has_nul());
  const std::uint8_t raw[] = {0, 1};
  const Params bytes(Bytes{raw});
  EXPECT_FALSE(bytes.has_nul());
  EXPECT_TRUE(bytes.values()[0].is_binary);
  EXPECT_EQ(bytes.values()[0].data.size(), 2U);
}

}  // namespace
}  // namespace immich::pg
