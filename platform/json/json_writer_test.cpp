#include "platform/json/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "platform/json/json_maybe.hpp"

namespace immich::json {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendString(out, text);
  return out;
}

std::string Number(double value) {
  std::string out;
  AppendDouble(out, value);
  return out;
}

TEST(JsonWriterTest, StringsAreEscapedAsJsonStringifyDoes) {
  EXPECT_EQ(Quoted(""), R"("")");
  EXPECT_EQ(Quoted("plain"), R"("plain")");
  EXPECT_EQ(Quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(Quoted(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(Quoted("Zürich 日本 😀 / '\u2028'"), "\"Zürich 日本 😀 / '\u2028'\"");
}

TEST(JsonWriterTest, EscapesAreFoundAtEveryPlaceOfAWord) {
  for (std::size_t length = 1; length <= 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (const char special : {'"', '\\', '\x01', '\x1f'}) {
        std::string text(length, '\xfe');
        text[at] = special;
        std::string expected = text;
        expected.replace(at, 1,
                         special == '"'      ? "\\\""
                         : special == '\\'   ? "\\\\"
                         : special == '\x01' ? "\\u0001"
                                             : "\\u001f");
        ASSERT_EQ(Quoted(text), '"' + expected + '"') << length << " " << at;
      }
    }
  }
}

// Expected texts are what JavaScript's String(value) gives.
TEST(JsonWriterTest, NumbersLookAsInJavaScript) {
  EXPECT_EQ(Number(0), "0");
  EXPECT_EQ(Number(-0.0), "0");
  EXPECT_EQ(Number(1), "1");
  EXPECT_EQ(Number(-100000), "-100000");
  EXPECT_EQ(Number(0.1), "0.1");
  EXPECT_EQ(Number(-0.5), "-0.5");
  EXPECT_EQ(Number(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(Number(47.3769), "47.3769");
  EXPECT_EQ(Number(123456789.125), "123456789.125");
  EXPECT_EQ(Number(0.000001), "0.000001");
  EXPECT_EQ(Number(0.0000001), "1e-7");
  EXPECT_EQ(Number(1.5e-10), "1.5e-10");
  EXPECT_EQ(Number(9007199254740991), "9007199254740991");
  EXPECT_EQ(Number(9007199254740994.0), "9007199254740994");
  EXPECT_EQ(Number(1e20), "100000000000000000000");
  EXPECT_EQ(Number(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(Number(1e21), "1e+21");
  EXPECT_EQ(Number(1.25e300), "1.25e+300");
  EXPECT_EQ(Number(5e-324), "5e-324");
  EXPECT_EQ(Number(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(Number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(Number(-std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWriterTest, IdsTimesAndRawJson) {
  std::string out;
  AppendUuid(out, *Uuid::Parse("8A853CE1-205f-4636-aec0-9fd1d31143ff"));
  AppendTime(out, TimePoint{} + std::chrono::milliseconds(1704164645678));
  AppendInt(out, std::numeric_limits<std::int64_t>::min());
  AppendRaw(out, {});
  AppendRaw(out, {R"({"a":1})"});
  EXPECT_EQ(out, R"("8a853ce1-205f-4636-aec0-9fd1d31143ff""2024-01-02T03:04:05.678Z"-9223372036854775808null{"a":1})");
}

TEST(JsonWriterTest, BracketsReplaceTheLastComma) {
  std::string out = "{";
  EndObject(out);
  EXPECT_EQ(out, "{}");
  out = "[1,2,";
  EndArray(out);
  EXPECT_EQ(out, "[1,2]");
}

TEST(JsonMaybeTest, TellsAbsentNullAndValueApart) {
  Maybe<int> absent;
  EXPECT_TRUE(absent.is_absent() && !absent.is_present() && !absent.is_null() && !absent.has_value());
  Maybe<int> null = std::nullopt;
  EXPECT_TRUE(null.is_present() && null.is_null() && !null.has_value());
  Maybe<int> value = 3;
  EXPECT_TRUE(value.is_present() && !value.is_null());
  EXPECT_EQ(*value, 3);
  EXPECT_EQ(value.nullable(), std::optional(3));
  EXPECT_NE(absent, null);
  EXPECT_NE(null, value);
  null.emplace() = 3;
  EXPECT_EQ(null, value);
}

}  // namespace
}  // namespace immich::json
