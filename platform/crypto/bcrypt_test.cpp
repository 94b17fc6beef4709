#include "platform/crypto/bcrypt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/error/error.hpp"

namespace immich::crypto {
namespace {

constexpr int kLowestCost = 4;

TEST(BcryptTest, HashesAndVerifies) {
  const std::string hash = HashPassword("correct horse");
  EXPECT_THAT(hash, ::testing::MatchesRegex("\\$2b\\$10\\$[./A-Za-z0-9]{53}"));
  EXPECT_TRUE(VerifyPassword("correct horse", hash));
  EXPECT_FALSE(VerifyPassword("correct horsf", hash));
  EXPECT_NE(HashPassword("correct horse", kLowestCost), HashPassword("correct horse", kLowestCost));
}

/// Vectors published with the Openwall implementation.
TEST(BcryptTest, KnownHashes) {
  EXPECT_TRUE(VerifyPassword("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
  EXPECT_TRUE(VerifyPassword("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"));
  EXPECT_FALSE(VerifyPassword("U*V", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

TEST(BcryptTest, OnlySeventyTwoBytesCount) {
  const std::string hash = HashPassword(std::string(2000, 'x'), kLowestCost);
  EXPECT_TRUE(VerifyPassword(std::string(72, 'x'), hash));
  EXPECT_TRUE(VerifyPassword(std::string(600, 'x'), hash));
  EXPECT_FALSE(VerifyPassword(std::string(71, 'x'), hash));
}

TEST(BcryptTest, RefusesWhatIsNotAHash) {
  EXPECT_FALSE(VerifyPassword("x", ""));
  EXPECT_FALSE(VerifyPassword("", ""));
  EXPECT_FALSE(VerifyPassword("x", "*0"));
  EXPECT_FALSE(VerifyPassword("x", "plain text"));
  EXPECT_FALSE(VerifyPassword("x", std::string("$2b$10$") + std::string(53, '!')));
  EXPECT_FALSE(VerifyPassword("x", std::string("$2b$99$") + std::string(53, 'a')));
  EXPECT_THROW(HashPassword(std::string_view("a\0b", 3)), BadRequest);
}

TEST(BcryptTest, UnknownUsersCostTheSame) {
  EXPECT_THAT(UnknownUserHash(), ::testing::StartsWith("$2b$10$"));
  EXPECT_FALSE(VerifyPassword("", UnknownUserHash()));
}

}  // namespace
}  // namespace immich::crypto
