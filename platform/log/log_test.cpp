#include "platform/log/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <thread>
#include <vector>

namespace immich::log {
namespace {

using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr std::int64_t kTime = 1795359845000;  // 2026-11-22T15:04:05Z

class LogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "UTC", 1);
    tzset();
  }
  void TearDown() override { Configure({}); }

  Options options_{.process = "Api"};
};

TEST_F(LogTest, ConsoleLine) {
  EXPECT_EQ(FormatLine(options_, Level::kLog, "Upload", "Stored", kTime),
            fmt::format("[immich] {}  - 11/22/2026, 3:04:05 PM     LOG [Api:Upload] Stored\n", getpid()));
  EXPECT_EQ(FormatLine({.process = ""}, Level::kVerbose, "Upload", "x", kTime - 15 * 3600 * 1000),
            fmt::format("[immich] {}  - 11/22/2026, 12:04:05 AM VERBOSE [Upload] x\n", getpid()));
}

TEST_F(LogTest, ColoursOnlyWhenAsked) {
  EXPECT_EQ(FormatLine(options_, Level::kError, "c", "m", kTime).find('\x1b'), std::string::npos);
  options_.color = true;
  EXPECT_THAT(FormatLine(options_, Level::kError, "c", "m", kTime), StartsWith("\x1b[31m[immich]"));
}

TEST_F(LogTest, MessagesCannotForgeLines) {
  const std::string line = FormatLine(options_, Level::kWarn, "c",
                                      "a\nb\r\x1b[2J\x7f\xC2\x9B"
                                      "31m\xFF é \\ \"",
                                      kTime);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, ::testing::EndsWith("[Api:c] a\\nb\\r\\x1b[2J\\x7f\\x9b31m\xEF\xBF\xBD é \\ \"\n"));
}

TEST_F(LogTest, JsonLine) {
  options_.format = Format::kJson;
  EXPECT_EQ(FormatLine(options_, Level::kWarn, "Upload", "a \"b\" \\\n\x01\xED\xA0\x80é", kTime),
            fmt::format(R"({{"level":"warn","pid":{},"timestamp":1795359845000,)"
                        R"("message":"a \"b\" \\\n\u0001{}é","context":"Api:Upload"}})",
                        getpid(), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") +
                "\n");
}

TEST_F(LogTest, LevelsByName) {
  for (const Level level : {Level::kVerbose, Level::kDebug, Level::kLog, Level::kWarn, Level::kError, Level::kFatal}) {
    EXPECT_EQ(ParseLevel(ToString(level)), level);
  }
  EXPECT_FALSE(ParseLevel("LOG"));
  EXPECT_FALSE(ParseLevel("off"));
}

TEST_F(LogTest, LevelChangesWhileRunning) {
  SetLevel(Level::kError);
  ::testing::internal::CaptureStdout();
  Warn("Test", "hidden {}", 1);
  Error("Test", "shown {}", 2);
  SetLevel(Level::kOff);
  Fatal("Test", "hidden {}", 3);
  SetLevel(Level::kVerbose);
  Verbose("Test", "shown {}", 4);
  const std::string out = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(out, MatchesRegex(".*ERROR .server:Test. shown 2\n.*VERBOSE .server:Test. shown 4\n"));
}

/// Lines of several threads never mix, because each is one write.
TEST_F(LogTest, LinesStayWhole) {
  Configure({.process = ""});
  ::testing::internal::CaptureStdout();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 200; ++i) Info("Test", "{}", std::string(300, static_cast<char>('a' + t)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream out(::testing::internal::GetCapturedStdout());
  int lines = 0;
  for (std::string line; std::getline(out, line); ++lines) {
    const std::size_t start = line.find("[Test] ");
    ASSERT_NE(start, std::string::npos);
    const std::string message = line.substr(start + 7);
    ASSERT_EQ(message, std::string(300, message[0]));
  }
  EXPECT_EQ(lines, 800);
}

}  // namespace
}  // namespace immich::log
