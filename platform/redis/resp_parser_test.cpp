#include "platform/redis/resp_parser.hpp"

#include <gtest/gtest.h>

#include <random>

namespace immich::redis {
namespace {

using Kind = Reply::Kind;

Reply ParseOne(std::string_view bytes) {
  RespParser parser;
  parser.Feed(bytes);
  auto reply = parser.Next();
  EXPECT_TRUE(reply.has_value()) << bytes;
  EXPECT_EQ(parser.buffered_bytes(), 0U) << bytes;
  return reply.value_or(Reply());
}

void ExpectRefused(std::string_view bytes) {
  RespParser parser;
  parser.Feed(bytes);
  EXPECT_THROW(while (parser.Next()){}, RespError) << bytes;
}

TEST(RespParserTest, Scalars) {
  EXPECT_EQ(ParseOne("+OK\r\n").text, "OK");
  EXPECT_EQ(ParseOne("+OK\r\n").kind, Kind::kStatus);
  EXPECT_EQ(ParseOne("-ERR no\r\n").kind, Kind::kError);
  EXPECT_EQ(ParseOne("-ERR no\r\n").text, "ERR no");
  EXPECT_EQ(ParseOne(":-42\r\n").integer, -42);
  EXPECT_EQ(ParseOne("$5\r\na\r\nbc\r\n").text, "a\r\nbc");
  EXPECT_EQ(ParseOne("$0\r\n\r\n").kind, Kind::kString);
  EXPECT_TRUE(ParseOne("$-1\r\n").is_nil());
  EXPECT_TRUE(ParseOne("*-1\r\n").is_nil());
  EXPECT_EQ(ParseOne("*0\r\n").kind, Kind::kArray);
}

TEST(RespParserTest, NestedArrays) {
  const Reply reply = ParseOne("*3\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n*1\r\n*1\r\n$-1\r\n");
  ASSERT_EQ(reply.items.size(), 3U);
  EXPECT_EQ(reply.items[0].integer, 1);
  ASSERT_EQ(reply.items[1].items.size(), 2U);
  EXPECT_EQ(reply.items[1].items[0].text, "a");
  EXPECT_EQ(reply.items[1].items[1].kind, Kind::kArray);
  EXPECT_TRUE(reply.items[2].items[0].items[0].is_nil());
}

TEST(RespParserTest, BytesMayArriveInAnyPieces) {
  const std::string bytes = "+first\r\n*2\r\n$3\r\nabc\r\n:7\r\n$-1\r\n-ERR x\r\n$2\r\n\r\n\r\n";
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    RespParser parser;
    std::vector<Reply> replies;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t count = std::min<std::size_t>(bytes.size() - at, 1 + random() % 5);
      parser.Feed(std::string_view(bytes).substr(at, count));
      at += count;
      while (auto reply = parser.Next()) replies.push_back(std::move(*reply));
    }
    ASSERT_EQ(replies.size(), 5U);
    EXPECT_EQ(replies[0].text, "first");
    EXPECT_EQ(replies[1].items[0].text, "abc");
    EXPECT_TRUE(replies[2].is_nil());
    EXPECT_TRUE(replies[3].is_error());
    EXPECT_EQ(replies[4].text, "\r\n");
  }
}

TEST(RespParserTest, MalformedBytesAreRefused) {
  for (const char* bytes : {"x\r\n", "\r\n", ":\r\n", ":1x\r\n", ":99999999999999999999\r\n", "$-2\r\n", "$1x\r\n",
                            "$536870913\r\n", "*-2\r\n", "*16777217\r\n", "$1\r\nabc", "*1\r\n!\r\n"}) {
    ExpectRefused(bytes);
  }
}

TEST(RespParserTest, DepthIsBounded) {
  std::string deep;
  for (std::size_t i = 0; i < RespParser::kMaxDepth; ++i) deep += "*1\r\n";
  EXPECT_EQ(ParseOne(deep + ":1\r\n").kind, Kind::kArray);
  ExpectRefused(deep + "*1\r\n:1\r\n");
}

TEST(RespParserTest, LinesAreBounded) {
  ExpectRefused("+" + std::string(RespParser::kMaxLineBytes + 1, 'x'));
}

TEST(RespParserTest, AnnouncedLengthsCostNothing) {
  RespParser parser;
  parser.Feed("*16777216\r\n$536870912\r\nabc");
  EXPECT_FALSE(parser.Next());
  EXPECT_EQ(parser.buffered_bytes(), 3U);
}

TEST(RespParserTest, LongRunDoesNotGrow) {
  RespParser parser;
  const std::string reply = "$1000\r\n" + std::string(1000, 'x') + "\r\n";
  for (int i = 0; i < 1000; ++i) {
    parser.Feed(reply.substr(0, 500));
    EXPECT_FALSE(parser.Next());
    parser.Feed(reply.substr(500));
    ASSERT_TRUE(parser.Next());
    EXPECT_EQ(parser.buffered_bytes(), 0U);
  }
}

TEST(RespParserTest, CommandsAreArraysOfStrings) {
  std::string out;
  AppendCommand(out, {"SET", "k", std::string("a\0\r\n", 4)});
  EXPECT_EQ(out, std::string("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\0\r\n\r\n", 30));
}

}  // namespace
}  // namespace immich::redis
