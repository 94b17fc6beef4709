#include <gtest/gtest.h>

#include "media/image/image_renderer.hpp"

namespace immich::media {
namespace {

TEST(FaceSquareTest, GrowsTheLongerHalfByTenPercent) {
  // centre (500, 400), halves 100 and 60: 110 each way
  EXPECT_EQ(FaceSquare({400, 340, 200, 120}, {1000, 800}, {1000, 800}), (ImageRect{390, 290, 220, 220}));
}

TEST(FaceSquareTest, ScalesTheBoxToTheDecodedPicture) {
  EXPECT_EQ(FaceSquare({400, 340, 200, 120}, {1000, 800}, {2000, 1600}), (ImageRect{780, 580, 440, 440}));
}

TEST(FaceSquareTest, ShrinksAtTheEdgeInsteadOfMoving) {
  // centre (40, 100): no more than 40 to the left
  EXPECT_EQ(FaceSquare({0, 50, 80, 100}, {1000, 800}, {1000, 800}), (ImageRect{0, 60, 80, 80}));
  // right edge: 999 - 960 = 39
  EXPECT_EQ(FaceSquare({920, 300, 80, 100}, {1000, 800}, {1000, 800}), (ImageRect{921, 311, 78, 78}));
}

TEST(FaceSquareTest, ClampsBoxesThatLeaveThePicture) {
  EXPECT_EQ(FaceSquare({-100, -100, 300, 300}, {1000, 800}, {1000, 800}), (ImageRect{0, 0, 200, 200}));
}

TEST(FaceSquareTest, DegenerateBoxesGiveOnePixel) {
  EXPECT_EQ(FaceSquare({500, 500, 0, 0}, {1000, 800}, {1000, 800}), (ImageRect{500, 500, 1, 1}));
  EXPECT_EQ(FaceSquare({5000, 5000, 10, 10}, {1000, 800}, {1000, 800}), (ImageRect{999, 799, 1, 1}));
}

}  // namespace
}  // namespace immich::media
