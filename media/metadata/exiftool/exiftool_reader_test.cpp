#include "media/metadata/exiftool/exiftool_reader.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "media/metadata/exiftool/exiftool_pool.hpp"
#include "media/testing/sample_pictures.hpp"

namespace immich::media {
namespace {

bool HasExifTool() {
  return std::system("command -v exiftool > /dev/null") == 0;
}

TEST(ExifToolReaderTest, JsonBecomesTags) {
  const auto tags = TagsFromExifToolJson(R"([{
    "SourceFile": "/x.mov", "MIMEType": "video/quicktime", "GPSLatitude": -33.5, "ExposureTime": "1/50", "ISO": 100,
    "TagsList": ["a/b", 7], "Device": {"Manufacturer": "Sony", "ModelName": "ILCE"},
    "RegionInfo": {"AppliedToDimensions": {"W": 100, "H": 50, "Unit": "pixel"},
                   "RegionList": [{"Name": "Ada", "Area": {"X": 0.5, "Y": "0.25", "W": 0.1, "H": 0.2}}]},
    "ContainerDirectory": [{"Item": {"Semantic": "MotionPhoto", "Length": 123, "Padding": 4}}]}])");
  ASSERT_TRUE(tags);
  EXPECT_TRUE(tags->is_video);
  EXPECT_EQ(tags->NumberOf("GPSLatitude"), -33.5);
  EXPECT_EQ(tags->NumberOf("ExposureTime"), std::nullopt);
  EXPECT_EQ(tags->TextOf("ExposureTime"), "1/50");
  EXPECT_EQ(tags->Find("TagsList")->items[1].text, "7");
  EXPECT_EQ(tags->TextOf("DeviceManufacturerXml"), "Sony");
  EXPECT_EQ(tags->regions.applied_width, 100);
  EXPECT_EQ(tags->regions.regions[0].y, 0.25);
  EXPECT_EQ(tags->container_items[0].length, 123);
}

TEST(ExifToolReaderTest, NoJsonIsCorruptAndErrorsAreUnsupported) {
  for (const char* bad : {"", "garbage", "[]", "{}", "[1]", "[{\"a\":"}) {
    EXPECT_FALSE(TagsFromExifToolJson(bad)) << bad;
  }
  EXPECT_EQ(TagsFromExifToolJson(R"([{"Error": "File format error"}])").error().kind, FailureKind::kUnsupported);
}

TEST(ExifToolReaderTest, ReadsFilesWithOddNamesThroughOneProcess) {
  if (!HasExifTool()) GTEST_SKIP() << "exiftool is not installed";
  const auto jpeg = testing::WithExifOrientation(testing::QuarteredJpeg({64, 48}), 6);
  for (const char* extension : {".jpg", " $HOME @x\n-delete_original.jpg"}) {
    const testing::TemporaryFile file(extension, jpeg);
    const auto tags = ReadTagsWithExifTool(file.path(), false);
    ASSERT_TRUE(tags) << tags.error().message;
    EXPECT_EQ(tags->TextOf("ImageSize"), "64x48");
    EXPECT_EQ(tags->NumberOf("Orientation"), 6);
    EXPECT_TRUE(std::filesystem::exists(file.path()));
  }
  EXPECT_EQ(ExifToolPool::Shared().idle_count(), 1U);
  ExifToolPool::Shared().StopIdle();
}

TEST(ExifToolReaderTest, MissingFilesFail) {
  if (!HasExifTool()) GTEST_SKIP() << "exiftool is not installed";
  EXPECT_FALSE(ReadTagsWithExifTool("/nonexistent/file.jpg", false));
}

TEST(ExifToolReaderTest, ACommandThatTakesTooLongIsStopped) {
  if (!HasExifTool()) GTEST_SKIP() << "exiftool is not installed";
  ExifToolPool pool;
  // Starting the interpreter alone takes longer than this.
  const auto output = pool.Run({"-ver"}, std::chrono::milliseconds(1));
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, FailureKind::kTimeout);
  EXPECT_EQ(pool.idle_count(), 0U);
  EXPECT_TRUE(pool.Run({"-ver"}, std::chrono::seconds(30)));
}

/// The first child of a process; 0 when it has none.
pid_t ChildOf(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  pid_t child = 0;
  children >> child;
  return child;
}

TEST(ExifToolReaderTest, EndsWithAParentThatIsKilled) {
  if (!HasExifTool()) GTEST_SKIP() << "exiftool is not installed";
  int ready[2];
  ASSERT_EQ(pipe2(ready, O_CLOEXEC), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    ExifToolPool pool;
    const bool works = pool.Run({"-ver"}, std::chrono::seconds(30)).has_value();
    (void)!write(ready[1], &works, 1);
    pause();
    _exit(0);
  }
  bool works = false;
  ASSERT_EQ(read(ready[0], &works, 1), 1);
  EXPECT_TRUE(works);
  const pid_t exiftool = ChildOf(parent);
  ASSERT_GT(exiftool, 0);
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool is_alive = true;
  while (is_alive && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    // Nobody may have reaped it yet.
    std::ifstream status("/proc/" + std::to_string(exiftool) + "/status");
    is_alive = false;
    for (std::string line; std::getline(status, line);)
      is_alive = is_alive || (line.starts_with("State:") && line.find('Z') == line.npos);
  }
  EXPECT_FALSE(is_alive);
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace immich::media
