#include "media/image/plane_ops.hpp"

#include <gtest/gtest.h>

#include "media/image/plane_scaler.hpp"

namespace immich::media {
namespace {

uint8_t Value(int x, int y) {
  return static_cast<uint8_t>(x * 7 + y * 31);
}

Plane Numbered(int width, int height) {
  Plane plane(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) plane.Row(y)[x] = Value(x, y);
  }
  return plane;
}

TEST(PlaneOpsTest, AllOrientationsOfARaggedPartMatchTheDefinition) {
  const Plane source = Numbered(53, 37);
  const ImageRect rect{3, 2, 45, 30};
  for (int exif = 1; exif <= 8; ++exif) {
    const auto orientation = static_cast<Orientation>(exif);
    const AxisMap axes = AxesOf(orientation);
    const Plane out = CropAndOrient(source, rect, orientation);
    ASSERT_EQ(out.size(), OrientedSize({rect.width, rect.height}, orientation));
    for (int y = 0; y < out.height(); ++y) {
      for (int x = 0; x < out.width(); ++x) {
        const int a = axes.swap ? y : x;
        const int b = axes.swap ? x : y;
        ASSERT_EQ(out.Row(y)[x], Value(rect.x + (axes.flip_x ? rect.width - 1 - a : a),
                                       rect.y + (axes.flip_y ? rect.height - 1 - b : b)))
            << "orientation " << exif << " at " << x << "," << y;
      }
    }
  }
}

TEST(PlaneOpsTest, PaddingRepeatsTheEdge) {
  Plane plane = Numbered(5, 3);
  PadPlane(plane);
  EXPECT_EQ(plane.Row(1)[15], Value(4, 1));
  EXPECT_EQ(plane.Row(15)[0], Value(0, 2));
  EXPECT_EQ(plane.Row(15)[15], Value(4, 2));
}

TEST(PlaneOpsTest, HalvingAveragesAndKeepsOddEdges) {
  Plane plane(3, 3);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 3; ++x) plane.Row(y)[x] = static_cast<uint8_t>(10 * (x + 3 * y));
  }
  const Plane half = HalvePlane(plane);
  ASSERT_EQ(half.size(), (ImageSize{2, 2}));
  EXPECT_EQ(half.Row(0)[0], 20);
  EXPECT_EQ(half.Row(0)[1], 35);
  EXPECT_EQ(half.Row(1)[0], 65);
  EXPECT_EQ(half.Row(1)[1], 80);
}

TEST(PlaneOpsTest, FlatteningPutsTransparentPixelsOnBlack) {
  PlanarImage image = MakePlanarImage({3, 1}, true);
  const uint8_t alpha[] = {255, 0, 128};
  for (int x = 0; x < 3; ++x) {
    image.y.Row(0)[x] = 200;
    image.cb.Row(0)[x] = 228;
    image.cr.Row(0)[x] = 28;
    image.alpha->Row(0)[x] = alpha[x];
  }
  ASSERT_TRUE(HasTransparency(*image.alpha));
  FlattenOnBlack(image);
  EXPECT_FALSE(image.alpha);
  EXPECT_EQ(image.y.Row(0)[0], 200);
  EXPECT_EQ(image.y.Row(0)[1], 0);
  EXPECT_EQ(image.cb.Row(0)[1], 128);
  EXPECT_EQ(image.y.Row(0)[2], 100);
  EXPECT_EQ(image.cr.Row(0)[2], 78);
}

TEST(PlaneScalerTest, BandsGiveTheSameResultAsTheWhole) {
  const Plane source = Numbered(200, 150);
  PlaneScaler whole({200, 150}, {96, 72});
  ASSERT_TRUE(whole.Feed(source.Row(0), source.stride(), 150));
  PlaneScaler banded({200, 150}, {96, 72});
  for (int y = 0; y < 150; y += 8) ASSERT_TRUE(banded.Feed(source.Row(y), source.stride(), 8));
  const Plane a = whole.Take();
  const Plane b = banded.Take();
  for (int y = 0; y < 72; ++y) {
    for (int x = 0; x < 96; ++x) ASSERT_EQ(a.Row(y)[x], b.Row(y)[x]);
  }
}

TEST(PlaneScalerTest, FlatStaysFlatAtAnyFactor) {
  Plane source(1000, 700);
  source.Fill(77);
  for (const ImageSize target : {ImageSize{999, 699}, ImageSize{333, 233}, ImageSize{10, 7}, ImageSize{1500, 1050}}) {
    const Plane out = ScalePlane(source, target);
    ASSERT_EQ(out.size(), target);
    for (int y = 0; y < target.height; ++y) {
      for (int x = 0; x < target.width; ++x) ASSERT_EQ(out.Row(y)[x], 77);
    }
  }
}

}  // namespace
}  // namespace immich::media
