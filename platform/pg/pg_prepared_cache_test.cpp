#include "platform/pg/pg_prepared_cache.hpp"

#include <gtest/gtest.h>

#include "platform/error/error.hpp"

namespace immich::pg {
namespace {

TEST(PgPreparedCacheTest, StatementsKeepTheirNames) {
  PreparedCache cache(2);
  Prepared& first = cache.ForStatement({"find", "SELECT 1"});
  EXPECT_EQ(first.name, "find");
  EXPECT_EQ(&first, &cache.ForStatement({"find", "SELECT 1"}));
  EXPECT_THROW(cache.ForStatement({"find", "SELECT 2"}), InternalError);
}

TEST(PgPreparedCacheTest, LeastRecentlyUsedTextIsEvictedWhenTheServerHoldsIt) {
  PreparedCache cache(2);
  cache.ForText("a").ready = true;
  cache.ForText("b").ready = true;
  const std::string b_name = cache.ForText("b").name;
  cache.ForText("a");
  cache.ForText("c");
  EXPECT_EQ(cache.dynamic_size(), 2U);
  EXPECT_EQ(cache.evicted(), std::vector<std::string>{b_name});
  EXPECT_TRUE(cache.ForText("a").ready);
  // "c" never reached the server: nothing to deallocate.
  cache.ForText("a");
  cache.ForText("d");
  EXPECT_EQ(cache.evicted().size(), 1U);
  EXPECT_FALSE(cache.ForText("b").ready);
}

}  // namespace
}  // namespace immich::pg
