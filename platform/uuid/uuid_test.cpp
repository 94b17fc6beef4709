#include "platform/uuid/uuid.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace immich {
namespace {

constexpr std::string_view kText = "0193a4f2-7c1e-7abc-8def-0123456789ab";

TEST(UuidTest, ParsesAndPrints) {
  const auto id = Uuid::Parse(kText);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->ToString(), kText);
  EXPECT_EQ(id->bytes[0], 0x01);
  EXPECT_EQ(id->bytes[15], 0xab);
  EXPECT_EQ(id->version(), 7);
}

TEST(UuidTest, AcceptsUpperCasePrintsLowerCase) {
  const auto id = Uuid::Parse("0193A4F2-7C1E-7ABC-8DEF-0123456789AB");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->ToString(), kText);
}

TEST(UuidTest, RefusesEverythingElse) {
  for (const std::string_view bad :
       {"", "0193a4f27c1e7abc8def0123456789ab", "{0193a4f2-7c1e-7abc-8def-0123456789ab}",
        "0193a4f2-7c1e-7abc-8def-0123456789a", "0193a4f2-7c1e-7abc-8def-0123456789abc",
        "0193a4f2-7c1e-7abc-8def-0123456789ag", "0193a4f2x7c1e-7abc-8def-0123456789ab",
        "-193a4f2-7c1e-7abc-8def-0123456789ab", "0193a4f2-7c1e-7abc-8def-01234567\0\0ab"}) {
    EXPECT_FALSE(Uuid::Parse(bad)) << bad;
  }
}

/// Every single-character change of a valid text either parses to another id or is refused; none crashes.
TEST(UuidTest, AnyByteAtAnyPositionIsSafe) {
  for (std::size_t i = 0; i < kText.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text(kText);
      text[i] = static_cast<char>(byte);
      const auto id = Uuid::Parse(text);
      if (id) EXPECT_EQ(Uuid::Parse(id->ToString()), id);
    }
  }
}

TEST(UuidTest, RandomIsVersion4AndDistinct) {
  std::unordered_set<Uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    const Uuid id = Uuid::Random();
    EXPECT_EQ(id.version(), 4);
    EXPECT_EQ(id.bytes[8] >> 6, 2);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(UuidTest, Version7CarriesItsTimeAndSorts) {
  const std::int64_t time = 1700000000123;
  const Uuid earlier = Uuid::Version7(time);
  const Uuid later = Uuid::Version7(time + 1);
  EXPECT_EQ(earlier.version(), 7);
  EXPECT_EQ(earlier.unix_ms(), time);
  EXPECT_LT(earlier, later);
  EXPECT_LT(earlier.ToString(), later.ToString());
}

TEST(IdTest, NilAndEquality) {
  using ThingId = Id<struct ThingTag>;
  EXPECT_TRUE(ThingId{}.value.is_nil());
  const ThingId id = ThingId::Random();
  EXPECT_FALSE(id.value.is_nil());
  EXPECT_EQ(id, ThingId(*Uuid::Parse(id.ToString())));
}

}  // namespace
}  // namespace immich
