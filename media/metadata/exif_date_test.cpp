#include "media/metadata/exif_date.hpp"

#include <gtest/gtest.h>

#include <random>

namespace immich::media {
namespace {

using std::chrono::microseconds;
using std::chrono::minutes;

int64_t Micros(std::string_view text) {
  const auto date = ParseExifDate(text);
  return date ? date->local.time_since_epoch().count() : -1;
}

constexpr int64_t kBase = 1553166262LL * 1'000'000;  // 2019-03-21T11:04:22 read as UTC

TEST(ExifDateTest, ReadsTheFormsFoundInFiles) {
  EXPECT_EQ(Micros("2019:03:21 11:04:22"), kBase);
  EXPECT_EQ(Micros("2019-03-21T11:04:22"), kBase);
  EXPECT_EQ(Micros("  2019:03:21  11:04:22 "), kBase);
  EXPECT_EQ(Micros("2019:03:21 11:04:22.348"), kBase + 348'000);
  EXPECT_EQ(Micros("2019:03:21 11:04:22.123456789"), kBase + 123'456);
  EXPECT_EQ(Micros("2019-03-21T11:04"), kBase - 22'000'000);
  EXPECT_EQ(Micros(std::string_view("2019:03:21 11:04:22\0", 20)), kBase);
}

TEST(ExifDateTest, KeepsTheWrittenOffset) {
  EXPECT_EQ(ParseExifDate("2019:03:21 11:04:22")->offset, std::nullopt);
  EXPECT_EQ(ParseExifDate("2019:03:21 11:04:22+02:00")->offset, minutes(120));
  EXPECT_EQ(ParseExifDate("2019:03:21 11:04:22.5-0330")->offset, minutes(-210));
  EXPECT_EQ(ParseExifDate("2019:03:21 11:04:22Z")->offset, minutes(0));
  EXPECT_EQ(ParseExifDate("2019:03:21 11:04:22 UTC")->offset, minutes(0));
  EXPECT_EQ(Micros("2019:03:21 11:04:22+02:00"), kBase);
  EXPECT_EQ(ParseExifDate(" 2019:03:21 11:04:22Z ")->raw, "2019:03:21 11:04:22Z");
}

TEST(ExifDateTest, RefusesWhatIsNoFullDateTime) {
  for (const char* bad :
       {"", " ", "2019:03:21", "2019", "11:04:22", "0000:00:00 00:00:00", "2019:02:30 00:00:00", "2019:13:01 00:00:00",
        "2019:03:21 24:00:00", "2019:03:21 11:60:00", "2019:03:21 11:04:61", "2019:03:21 11", "2019:3:21 11:04:22",
        "2019:03:21 11:04:22 +99:00", "2019:03:21 11:04:22 nonsense", "    :  :     :  :  ", "-019:03:21 11:04:22"}) {
    EXPECT_FALSE(ParseExifDate(bad)) << bad;
  }
}

TEST(ExifDateTest, RandomTextsNeverCrash) {
  std::mt19937 random(3);
  constexpr std::string_view kAlphabet = "0123456789:-+TZ. /UTC\0";
  for (int round = 0; round < 20000; ++round) {
    std::string text = "2019:03:21 11:04:22.348+02:00";
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = kAlphabet[random() % kAlphabet.size()];
    text.resize(random() % (text.size() + 1));
    const auto date = ParseExifDate(text);
    if (date) EXPECT_FALSE(date->raw.empty());
  }
}

TEST(ExifDateTest, JoinsIptcPairs) {
  EXPECT_EQ(JoinDateAndTime("2022:01:10", "15:15:44-04:00"), "2022:01:10 15:15:44-04:00");
  EXPECT_EQ(JoinDateAndTime("20220110", "151544-0400"), "2022:01:10 15:15:44-0400");
  EXPECT_EQ(ParseExifDate(JoinDateAndTime("2022-01-10", "15:15:44"))->local.time_since_epoch(),
            ParseExifDate("2022:01:10 15:15:44")->local.time_since_epoch());
  EXPECT_FALSE(ParseExifDate(JoinDateAndTime("2022-01-10", "")));
}

}  // namespace
}  // namespace immich::media
