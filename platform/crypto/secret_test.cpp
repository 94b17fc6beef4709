#include "platform/crypto/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace immich::crypto {
namespace {

TEST(SecretTest, RandomBytesDiffer) {
  EXPECT_EQ(RandomBytes(0).size(), 0u);
  const auto bytes = RandomBytes(5000);
  EXPECT_EQ(bytes.size(), 5000u);
  EXPECT_NE(bytes, RandomBytes(5000));
  EXPECT_EQ(std::set<std::uint8_t>(bytes.begin(), bytes.end()).size(), 256u);
}

TEST(SecretTest, TokensAreWordCharacters) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string token = MakeToken();
    EXPECT_GE(token.size(), 30u);
    EXPECT_LE(token.size(), 43u);
    EXPECT_TRUE(std::all_of(token.begin(), token.end(), [](unsigned char c) { return std::isalnum(c) != 0; })) << token;
    EXPECT_TRUE(seen.insert(token).second);
  }
}

TEST(SecretTest, Compares) {
  EXPECT_TRUE(EqualsInConstantTime("", ""));
  EXPECT_TRUE(EqualsInConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualsInConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualsInConstantTime("abc", "abcd"));
}

}  // namespace
}  // namespace immich::crypto
