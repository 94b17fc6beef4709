#include "media/video/iso6709.hpp"

#include <gtest/gtest.h>

namespace immich::media {
namespace {

TEST(Iso6709Test, ReadsTheThreeForms) {
  const auto degrees = ParseIso6709("+47.3769+008.5417+408.000/");
  ASSERT_TRUE(degrees);
  EXPECT_DOUBLE_EQ(degrees->latitude, 47.3769);
  EXPECT_DOUBLE_EQ(degrees->longitude, 8.5417);
  const auto south_west = ParseIso6709("-33.8688-151.2093/");
  ASSERT_TRUE(south_west);
  EXPECT_DOUBLE_EQ(south_west->latitude, -33.8688);
  EXPECT_DOUBLE_EQ(south_west->longitude, -151.2093);
  const auto minutes = ParseIso6709("+4722.5+00832.25/");
  ASSERT_TRUE(minutes);
  EXPECT_NEAR(minutes->latitude, 47.375, 1e-9);
  EXPECT_NEAR(minutes->longitude, 8.5375, 1e-9);
  const auto seconds = ParseIso6709("+472230+0083215/");
  ASSERT_TRUE(seconds);
  EXPECT_NEAR(seconds->latitude, 47.375, 1e-9);
  EXPECT_NEAR(seconds->longitude, 8.5375, 1e-9);
}

TEST(Iso6709Test, RefusesEverythingElse) {
  for (const char* bad :
       {"", "+", "47.3+8.5", "+47.3", "+47.3+", "+91+000/", "+47+181/", "+4.7.3+8/", "+..+..", "+47 +8"}) {
    EXPECT_FALSE(ParseIso6709(bad)) << bad;
  }
}

}  // namespace
}  // namespace immich::media
