#include "platform/json/json_parse.hpp"

#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include "platform/error/error.hpp"

namespace immich::json {
namespace {

std::string Again(std::string_view text) {
  const Document document = Document::Parse(text);
  std::string out;
  AppendValue(out, document.root());
  return out;
}

TEST(JsonParseTest, WritesWhatItRead) {
  EXPECT_EQ(Again(R"( { "b" : [1, -2.5, true, null], "a": {"x": "é\n\u00fc😀"} } )"),
            R"({"b":[1,-2.5,true,null],"a":{"x":"é\nü😀"}})");
  EXPECT_EQ(Again("[]"), "[]");
  EXPECT_EQ(Again("[1.0,1e2,18446744073709551615]"), "[1,100,18446744073709552000]");
}

// What JSON.stringify(JSON.parse(text)) gives; a parser that multiplies by powers of ten is off by a bit for some.
TEST(JsonParseTest, DoublesAreExact) {
  constexpr std::string_view kNumbers =
      "[18446744046744036000000000,0.1234567890123456,47.376912345678904,8.541694212345679,-122.41941550000001,"
      "9007199254740993.5,1.7976931348623157e+308,2.2250738585072014e-308,5e-324,0.000001234567890123456]";
  EXPECT_EQ(Again(kNumbers),
            "[1.8446744046744035e+25,0.1234567890123456,47.3769123456789,8.541694212345678,-122.41941550000001,"
            "9007199254740994,1.7976931348623157e+308,2.2250738585072014e-308,5e-324,0.000001234567890123456]");
  EXPECT_EQ(Again("0.1234567890123456"), "0.1234567890123456");
}

TEST(JsonParseTest, TheLastOfEqualKeysCounts) {
  EXPECT_EQ(Again(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
}

TEST(JsonParseTest, RefusesWhatIsNoJson) {
  for (const std::string_view text :
       {"", " ", "{", "}", "{\"a\":}", "{a:1}", "[1,]", "nul", "'a'", "\"\\x\"", "1 2", "{\"a\":1}x", "\"\xff\"",
        "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\\ud800\"", "NaN", "01", "\"tab\there\""}) {
    EXPECT_THROW(Document::Parse(text), BadRequest) << text;
  }
}

TEST(JsonParseTest, NestingIsBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(Again(nested(kMaxDepth)), nested(kMaxDepth));
  EXPECT_THROW(Document::Parse(nested(kMaxDepth + 1)), BadRequest);
  EXPECT_THROW(Document::Parse(std::string(10'000, '[')), BadRequest);
  EXPECT_THROW(Document::Parse(std::string(1'000'000, '{')), BadRequest);
}

TEST(JsonParseTest, DocumentsCanBeMoved) {
  Document document = Document::Parse(R"({"a":"a text too long to live inside the value itself, whatever its size"})");
  const Document moved = std::move(document);
  EXPECT_EQ(moved.root().at("a").as_string().size(), 66U);
}

}  // namespace
}  // namespace immich::json
