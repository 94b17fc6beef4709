#include "media/metadata/face_region.hpp"

#include <gtest/gtest.h>

namespace immich::media {
namespace {

RegionTags OneFace() {
  return {.applied_width = 1000,
          .applied_height = 500,
          .regions = {{.name = "Ada", .x = 0.2, .y = 0.4, .w = 0.1, .h = 0.3}}};
}

void ExpectBox(int orientation, int width, int height, int x1, int y1, int x2, int y2) {
  const auto faces = FaceRegionsOf(OneFace(), orientation);
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0].image_width, width) << orientation;
  EXPECT_EQ(faces[0].image_height, height) << orientation;
  EXPECT_NEAR(faces[0].x1, x1, 1) << orientation;
  EXPECT_NEAR(faces[0].y1, y1, 1) << orientation;
  EXPECT_NEAR(faces[0].x2, x2, 1) << orientation;
  EXPECT_NEAR(faces[0].y2, y2, 1) << orientation;
}

TEST(FaceRegionTest, CentreAndSizeBecomeABoxInAllOrientations) {
  ExpectBox(1, 1000, 500, 150, 125, 250, 275);
  ExpectBox(2, 1000, 500, 750, 125, 850, 275);
  ExpectBox(3, 1000, 500, 750, 225, 850, 375);
  ExpectBox(4, 1000, 500, 150, 225, 250, 375);
  ExpectBox(5, 500, 1000, 125, 150, 275, 250);
  ExpectBox(6, 500, 1000, 225, 150, 375, 250);
  ExpectBox(7, 500, 1000, 225, 750, 375, 850);
  ExpectBox(8, 500, 1000, 125, 750, 275, 850);
}

TEST(FaceRegionTest, NamelessRegionsAndMissingSizesAreLeftOut) {
  RegionTags regions = OneFace();
  regions.regions.push_back({.name = "", .x = 0.5, .y = 0.5, .w = 0.1, .h = 0.1});
  EXPECT_EQ(FaceRegionsOf(regions, 1).size(), 1U);
  regions.applied_width = 0;
  EXPECT_TRUE(FaceRegionsOf(regions, 1).empty());
}

}  // namespace
}  // namespace immich::media
