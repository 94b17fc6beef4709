#include "platform/http/http_conditions.hpp"

#include <gtest/gtest.h>

namespace immich::http {
namespace {

Headers With(std::initializer_list<std::pair<const char*, const char*>> items) {
  Headers headers;
  for (const auto& [name, value] : items) headers.Add(name, value);
  return headers;
}

TEST(ConditionsTest, EtagsAreThoseOfTheOriginal) {
  // Bodies and tags as captured from the original.
  EXPECT_EQ(StrongEtag(""), "\"0-2jmj7l5rSw0yVb/vlWAYkK/YBwk\"");
  EXPECT_EQ(StrongEtag("{\"message\":\"Authentication required\"}"), "\"25-SetIB6wLsPt3Ogr5oCd0XHpTaMw\"");
  EXPECT_EQ(StrongEtag("{\"message\":\"Cannot GET /api/nope\"}"), "\"22-v9ko+y3PWeiTytd4I6dvTnaimvU\"");
  EXPECT_EQ(FileEtag(2596832, 1704067200'000'000'000), "W/\"279fe0-18cc251f400\"");
  EXPECT_EQ(FileEtag(1, 1'499'999), "W/\"1-1\"");
  EXPECT_EQ(FileEtag(1, 1'500'000), "W/\"1-2\"");
}

TEST(ConditionsTest, Fresh) {
  const Validators validators{"W/\"a\"", ParseHttpDate("Sun, 22 Nov 2026 07:08:54 GMT")};
  EXPECT_FALSE(IsFresh(With({}), validators));
  EXPECT_TRUE(IsFresh(With({{"If-None-Match", "\"x\", \"a\""}}), validators));
  EXPECT_TRUE(IsFresh(With({{"If-None-Match", "W/\"a\""}}), validators));
  EXPECT_TRUE(IsFresh(With({{"If-None-Match", "*"}}), validators));
  EXPECT_FALSE(IsFresh(With({{"If-None-Match", "\"b\""}}), validators));
  EXPECT_FALSE(IsFresh(With({{"If-None-Match", "\"a\""}, {"Cache-Control", "no-cache"}}), validators));
  EXPECT_TRUE(IsFresh(With({{"If-Modified-Since", "Sun, 22 Nov 2026 07:08:54 GMT"}}), validators));
  EXPECT_FALSE(IsFresh(With({{"If-Modified-Since", "Sun, 22 Nov 2026 07:08:53 GMT"}}), validators));
  EXPECT_FALSE(IsFresh(With({{"If-Modified-Since", "yesterday"}}), validators));
  EXPECT_FALSE(
      IsFresh(With({{"If-None-Match", "\"b\""}, {"If-Modified-Since", "Sun, 22 Nov 2026 07:08:54 GMT"}}), validators));
}

TEST(ConditionsTest, Preconditions) {
  const Validators validators{"\"a\"", ParseHttpDate("Sun, 22 Nov 2026 07:08:54 GMT")};
  EXPECT_FALSE(FailsPrecondition(With({}), validators));
  EXPECT_FALSE(FailsPrecondition(With({{"If-Match", "\"b\", \"a\""}}), validators));
  EXPECT_FALSE(FailsPrecondition(With({{"If-Match", "*"}}), validators));
  EXPECT_TRUE(FailsPrecondition(With({{"If-Match", "\"b\""}}), validators));
  EXPECT_TRUE(FailsPrecondition(With({{"If-Unmodified-Since", "Sun, 22 Nov 2026 07:08:53 GMT"}}), validators));
  EXPECT_FALSE(FailsPrecondition(With({{"If-Unmodified-Since", "Sun, 22 Nov 2026 07:08:54 GMT"}}), validators));
}

/// `whole`, `none` or `first+length`.
std::string Range(const char* header, std::uint64_t size, const char* if_range = nullptr) {
  Headers headers = With({{"Range", header}});
  if (if_range != nullptr) headers.Add("If-Range", if_range);
  const Validators validators{"W/\"a\"", ParseHttpDate("Sun, 22 Nov 2026 07:08:54 GMT")};
  const RangeDecision decision = DecideRange(headers, validators, size);
  if (decision.kind == RangeDecision::Kind::kWhole) return "whole";
  if (decision.kind == RangeDecision::Kind::kUnsatisfiable) return "none";
  return std::to_string(decision.range.first) + "+" + std::to_string(decision.range.length);
}

TEST(ConditionsTest, Ranges) {
  EXPECT_EQ(Range("bytes=0-99", 1000), "0+100");
  EXPECT_EQ(Range("bytes=0-0", 1000), "0+1");
  EXPECT_EQ(Range("bytes=999-", 1000), "999+1");
  EXPECT_EQ(Range("bytes=500-5000", 1000), "500+500");
  EXPECT_EQ(Range("bytes=-100", 1000), "900+100");
  EXPECT_EQ(Range("bytes=-5000", 1000), "0+1000");
  EXPECT_EQ(Range("bytes=1000-", 1000), "none");
  EXPECT_EQ(Range("bytes=-0", 1000), "none");
  EXPECT_EQ(Range("bytes=5-2", 1000), "none");
  EXPECT_EQ(Range("bytes=a-b", 1000), "none");
  EXPECT_EQ(Range("bytes=99999999999999999999999-", 1000), "none");
  EXPECT_EQ(Range("bytes=0-", 0), "none");
  EXPECT_EQ(Range("items=0-5", 1000), "whole");
  EXPECT_EQ(Range("bytes", 1000), "whole");
}

TEST(ConditionsTest, SeveralRangesAreJoinedOrIgnored) {
  EXPECT_EQ(Range("bytes=0-10, 5-20", 1000), "0+21");
  EXPECT_EQ(Range("bytes=11-20,0-10", 1000), "0+21");
  EXPECT_EQ(Range("bytes=0-10, 5000-", 1000), "0+11");
  EXPECT_EQ(Range("bytes=0-10,12-20", 1000), "whole");
  std::string many = "bytes=0-0";
  for (int i = 0; i < 1000; ++i) many += ",0-0";
  EXPECT_EQ(Range(many.c_str(), 1000), "whole");
}

TEST(ConditionsTest, IfRange) {
  EXPECT_EQ(Range("bytes=0-9", 1000, "W/\"a\""), "0+10");
  EXPECT_EQ(Range("bytes=0-9", 1000, "\"a\""), "whole");
  EXPECT_EQ(Range("bytes=0-9", 1000, "W/\"b\""), "whole");
  EXPECT_EQ(Range("bytes=0-9", 1000, "Sun, 22 Nov 2026 07:08:54 GMT"), "0+10");
  EXPECT_EQ(Range("bytes=0-9", 1000, "Sun, 22 Nov 2026 07:08:53 GMT"), "whole");
  EXPECT_EQ(Range("bytes=0-9", 1000, "nonsense"), "whole");
}

}  // namespace
}  // namespace immich::http
