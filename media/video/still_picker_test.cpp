#include "media/video/still_picker.hpp"

#include <gtest/gtest.h>

namespace immich::media {
namespace {

FrameDigest Flat(uint8_t level) {
  return {std::vector<uint8_t>(300, level)};
}

TEST(StillPickerTest, ASingleFrameIsChosen) {
  StillPicker picker;
  EXPECT_EQ(picker.chosen(), std::nullopt);
  picker.Add(7, 0, Flat(10));
  picker.Finish();
  EXPECT_EQ(picker.chosen(), 7);
}

TEST(StillPickerTest, TheMostTypicalFrameOfTheFirstSecond) {
  StillPicker picker;
  picker.Add(0, 0.0, Flat(0));  // a black start of one slot
  for (int i = 1; i < 12; ++i) picker.Add(i, i / 12.0, Flat(100));
  picker.Finish();
  EXPECT_NE(picker.chosen(), 0);
}

TEST(StillPickerTest, ASceneChangeEndsTheSearch) {
  StillPicker picker;
  picker.Add(0, 0, Flat(20));
  picker.Add(1, 2, Flat(20));
  picker.Add(2, 5, Flat(200));
  EXPECT_FALSE(picker.done());
  picker.Add(3, 9, Flat(10));
  EXPECT_TRUE(picker.done());
  EXPECT_EQ(picker.chosen(), 2);
  EXPECT_TRUE(picker.Needs(2));
  EXPECT_FALSE(picker.Needs(0));
  EXPECT_FALSE(picker.Needs(3));
}

TEST(StillPickerTest, SmallChangesAreNoScene) {
  StillPicker picker;
  for (int i = 0; i < 15; ++i) picker.Add(i, i, Flat(static_cast<uint8_t>(100 + 5 * (i % 2))));
  picker.Finish();
  EXPECT_EQ(picker.chosen(), 0);
}

TEST(StillPickerTest, WithoutASceneTheFrameAfterTwentySecondsIsTaken) {
  StillPicker picker;
  for (int i = 0; i < 60 && !picker.done(); ++i) picker.Add(i, i, Flat(100));
  EXPECT_TRUE(picker.done());
  EXPECT_EQ(picker.chosen(), 21);
}

TEST(StillPickerTest, AFrameThatFillsManySecondsIsTakenOnce) {
  StillPicker picker;
  picker.Add(0, 0, Flat(100));
  picker.Add(1, 600, Flat(100));
  EXPECT_TRUE(picker.done());
  EXPECT_EQ(picker.chosen(), 0);
}

TEST(StillPickerTest, OnlyCandidatesAreKept) {
  StillPicker picker;
  for (int i = 0; i < 10; ++i) picker.Add(i, i * 2.0, Flat(100));
  EXPECT_TRUE(picker.Needs(0));
  EXPECT_FALSE(picker.Needs(3));
  EXPECT_TRUE(picker.Needs(9));
}

}  // namespace
}  // namespace immich::media
