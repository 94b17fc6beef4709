#include "platform/json/json_merge.hpp"

#include <gtest/gtest.h>

#include "platform/error/error.hpp"

namespace immich::json {
namespace {

TEST(JsonMergeTest, ObjectsMergeAndTheRestReplaces) {
  EXPECT_EQ(MergeText(R"({"a":{"x":1,"y":2},"b":[1,2],"c":3})", R"({"a":{"y":5,"z":{"q":1}},"b":[],"d":null})"),
            R"({"a":{"x":1,"y":5,"z":{"q":1}},"b":[],"c":3,"d":null})");
  EXPECT_EQ(MergeText(R"({"a":{"x":1}})", R"({"a":null})"), R"({"a":null})");
  EXPECT_EQ(MergeText(R"({"a":null})", R"({"a":{"x":1}})"), R"({"a":{"x":1}})");
  EXPECT_EQ(MergeText("{}", "{}"), "{}");
}

TEST(JsonMergeTest, DifferencesAreWhatMergingNeeds) {
  constexpr std::string_view kBase = R"({"a":{"x":1,"y":{"p":true}},"b":[1,2],"c":"s","d":null})";
  EXPECT_EQ(DifferenceText(kBase, kBase), "{}");
  constexpr std::string_view kChanged = R"({"a":{"x":1,"y":{"p":false}},"b":[1],"c":"s","d":4,"e":{}})";
  const std::string difference = DifferenceText(kBase, kChanged);
  EXPECT_EQ(difference, R"({"a":{"y":{"p":false}},"b":[1],"d":4,"e":{}})");
  EXPECT_EQ(MergeText(kBase, difference), kChanged);
}

TEST(JsonMergeTest, NullIsAValue) {
  EXPECT_EQ(DifferenceText(R"({"quota":5})", R"({"quota":null})"), R"({"quota":null})");
  EXPECT_EQ(DifferenceText(R"({"quota":null})", R"({"quota":null})"), "{}");
}

TEST(JsonMergeTest, RefusesMalformedText) {
  EXPECT_THROW(MergeText("{}", "{"), BadRequest);
  EXPECT_THROW(DifferenceText("", "{}"), BadRequest);
}

}  // namespace
}  // namespace immich::json
