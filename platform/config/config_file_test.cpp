#include "platform/config/config_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "platform/error/error.hpp"
#include "platform/fs/atomic_file.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::config {
namespace {

std::string Yaml(std::string_view text) {
  return boost::json::serialize(ParseYaml(text, "test.yaml"));
}

std::string Failure(const std::string& path) {
  try {
    ReadConfigFile(path);
  } catch (const InternalError& error) {
    return error.detail();
  }
  return "";
}

TEST(ConfigFileTest, ScalarsHaveTheTypesOfTheCoreSchema) {
  EXPECT_EQ(Yaml("[1, -2, +3, 0x1F, 0o17, 1.5, 1e3, true, False, null, ~]"),
            "[1,-2,3,31,15,1.5E0,1E3,true,false,null,null]");
  EXPECT_EQ(Yaml("['1', \"true\", yes, on, 1.2.3, 12px, 2024-01-02, .inf, '']"),
            R"(["1","true","yes","on","1.2.3","12px","2024-01-02",".inf",""])");
  EXPECT_EQ(Yaml("a: |\n  12\nb: >\n  x\n  y\n"), R"({"a":"12\n","b":"x y\n"})");
}

TEST(ConfigFileTest, NestedMaps) {
  EXPECT_EQ(Yaml("ffmpeg:\n  crf: 23\n  acceptedVideoCodecs: [h264, hevc]\nempty:\n"),
            R"({"ffmpeg":{"crf":23,"acceptedVideoCodecs":["h264","hevc"]},"empty":null})");
  EXPECT_EQ(Yaml(""), "null");
}

TEST(ConfigFileTest, AliasesAndMerges) {
  EXPECT_EQ(Yaml("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\n"), R"({"base":{"x":1,"y":2},"more":{"y":3,"x":1}})");
}

TEST(ConfigFileTest, ReadsBothKinds) {
  const testing::TemporaryDirectory directory;
  fs::WriteFileAtomically(directory / "a.json", R"({"job": {"ocr": {"concurrency": 1}}, /* why */ "n": 1.0,})");
  fs::WriteFileAtomically(directory / "a.yml", "job: {ocr: {concurrency: 1}}\n");
  EXPECT_EQ(boost::json::serialize(ReadConfigFile(directory / "a.json")),
            R"({"job":{"ocr":{"concurrency":1}},"n":1E0})");
  EXPECT_EQ(boost::json::serialize(ReadConfigFile(directory / "a.yml")), R"({"job":{"ocr":{"concurrency":1}}})");
}

TEST(ConfigFileTest, SaysWhereTheMistakeIs) {
  const testing::TemporaryDirectory directory;
  fs::WriteFileAtomically(directory / "a.json", R"({"a": tru})");
  fs::WriteFileAtomically(directory / "b.json", R"({} {})");
  fs::WriteFileAtomically(directory / "a.yaml", "a: 1\nb: [1\nc: 2\n");
  EXPECT_THAT(Failure(directory / "a.json"), ::testing::HasSubstr("a.json: "));
  EXPECT_THAT(Failure(directory / "a.json"), ::testing::HasSubstr("near byte"));
  EXPECT_THAT(Failure(directory / "b.json"), ::testing::HasSubstr("extra data near byte 3"));
  EXPECT_THAT(Failure(directory / "a.yaml"), ::testing::HasSubstr("line "));
  EXPECT_THAT(Failure(directory / "none.yaml"), ::testing::HasSubstr("No such file"));
}

}  // namespace
}  // namespace immich::config
