#include "server/core/search_tokens.hpp"

#include <gtest/gtest.h>

namespace immich {
namespace {

TEST(SearchTokensTest, WordsAreSeparatedByOneSpace) {
  EXPECT_EQ(ToSearchTokens("  Grand\tCentral \n Terminal "), "Grand Central Terminal");
  EXPECT_EQ(ToSearchTokens(""), "");
  EXPECT_EQ(ToSearchTokens("Zürich"), "Zürich");
}

TEST(SearchTokensTest, ScriptsWithoutSpacesBecomePairs) {
  EXPECT_EQ(ToSearchTokens("機械学習"), "機械 械学 学習");
  EXPECT_EQ(ToSearchTokens("駅"), "駅");
  EXPECT_EQ(ToSearchTokens("JR東京駅2番"), "JR 東京 京駅 2 番");
}

TEST(SearchTokensTest, MalformedBytesAreDropped) {
  EXPECT_EQ(ToSearchTokens("a\xff"
                           "b \xe6\xa9"),
            "ab");
}

}  // namespace
}  // namespace immich
