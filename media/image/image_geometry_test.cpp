#include "media/image/image_geometry.hpp"

#include <gtest/gtest.h>

namespace immich::media {
namespace {

constexpr Orientation kAll[] = {Orientation::kUpright,     Orientation::kMirrored,   Orientation::kRotate180,
                                Orientation::kFlipped,     Orientation::kTransposed, Orientation::kRotate90,
                                Orientation::kTransversed, Orientation::kRotate270};

struct Point {
  int x, y;
  bool operator==(const Point&) const = default;
};

/// Where the upright pixel is stored, straight from the definition of AxisMap.
Point Stored(Point upright, ImageSize stored, Orientation orientation) {
  const AxisMap axes = AxesOf(orientation);
  const Point p = axes.swap ? Point{upright.y, upright.x} : upright;
  return {axes.flip_x ? stored.width - 1 - p.x : p.x, axes.flip_y ? stored.height - 1 - p.y : p.y};
}

TEST(ImageGeometryTest, ShorterEdgeFitRoundsTheLongerOne) {
  EXPECT_EQ(FitShorterEdge({4000, 3000}, 1440), (ImageSize{1920, 1440}));
  EXPECT_EQ(FitShorterEdge({4000, 3000}, 250), (ImageSize{333, 250}));
  EXPECT_EQ(FitShorterEdge({3000, 4000}, 250), (ImageSize{250, 333}));
  EXPECT_EQ(FitShorterEdge({6000, 4000}, 1440), (ImageSize{2160, 1440}));
  EXPECT_EQ(FitShorterEdge({3, 2}, 1), (ImageSize{2, 1}));
}

TEST(ImageGeometryTest, ShorterEdgeFitNeverEnlarges) {
  EXPECT_EQ(FitShorterEdge({100, 90}, 250), (ImageSize{100, 90}));
  EXPECT_EQ(FitShorterEdge({100, 90}, 0), (ImageSize{100, 90}));
}

TEST(ImageGeometryTest, EvenFitRoundsTheLongerEdgeToEven) {
  EXPECT_EQ(FitShorterEdgeEven({1920, 1080}, 250), (ImageSize{444, 250}));
  EXPECT_EQ(FitShorterEdgeEven({1080, 1920}, 250), (ImageSize{250, 444}));
  EXPECT_EQ(FitShorterEdgeEven({3840, 2160}, 1440), (ImageSize{2560, 1440}));
  EXPECT_EQ(FitShorterEdgeEven({641, 481}, 1440), (ImageSize{641, 481}));
}

TEST(ImageGeometryTest, FitInsideKeepsAtLeastOnePixel) {
  EXPECT_EQ(FitInside({1000, 2}, 100), (ImageSize{100, 1}));
  EXPECT_EQ(FitInside({333, 250}, 100), (ImageSize{100, 75}));
  EXPECT_EQ(FitInside({40, 20}, 100), (ImageSize{40, 20}));
}

TEST(ImageGeometryTest, Exif6TurnsClockwise) {
  // A picture that is stored lying on its left side: the upright top-left pixel is stored bottom-left.
  EXPECT_EQ(Stored({0, 0}, {4, 3}, Orientation::kRotate90), (Point{0, 2}));
  EXPECT_EQ(Stored({2, 0}, {4, 3}, Orientation::kRotate90), (Point{0, 0}));
  EXPECT_EQ(Stored({0, 0}, {4, 3}, Orientation::kRotate270), (Point{3, 0}));
  EXPECT_EQ(OrientedSize({4, 3}, Orientation::kRotate90), (ImageSize{3, 4}));
}

TEST(ImageGeometryTest, ComposeIsOneAfterTheOther) {
  const ImageSize stored{5, 3};
  for (const Orientation first : kAll) {
    for (const Orientation second : kAll) {
      const Orientation both = Compose(first, second);
      const ImageSize middle = OrientedSize(stored, first);
      const ImageSize end = OrientedSize(middle, second);
      ASSERT_EQ(end, OrientedSize(stored, both));
      for (int y = 0; y < end.height; ++y) {
        for (int x = 0; x < end.width; ++x) {
          ASSERT_EQ(Stored({x, y}, stored, both), Stored(Stored({x, y}, middle, second), stored, first))
              << static_cast<int>(first) << " then " << static_cast<int>(second);
        }
      }
    }
  }
}

TEST(ImageGeometryTest, StoredRectHoldsTheSamePixels) {
  const ImageSize stored{7, 5};
  const ImageRect upright{1, 2, 3, 2};
  for (const Orientation orientation : kAll) {
    const ImageRect rect = StoredRect(upright, stored, orientation);
    for (int y = 0; y < upright.height; ++y) {
      for (int x = 0; x < upright.width; ++x) {
        const Point p = Stored({upright.x + x, upright.y + y}, stored, orientation);
        EXPECT_TRUE(p.x >= rect.x && p.x < rect.x + rect.width && p.y >= rect.y && p.y < rect.y + rect.height)
            << static_cast<int>(orientation);
      }
    }
  }
}

TEST(ImageGeometryTest, ScaleRectStaysInsideAndNotEmpty) {
  EXPECT_EQ(ScaleRect({100, 200, 400, 300}, {4000, 3000}, {2000, 1500}), (ImageRect{50, 100, 200, 150}));
  const ImageRect tiny = ScaleRect({3999, 2999, 1, 1}, {4000, 3000}, {40, 30});
  EXPECT_EQ(tiny, (ImageRect{39, 29, 1, 1}));
}

TEST(ImageGeometryTest, ClampRectSurvivesOverflowingInput) {
  EXPECT_EQ(ClampRect({10, 10, 2147483647, 2147483647}, {100, 50}), (ImageRect{10, 10, 90, 40}));
  EXPECT_EQ(ClampRect({200, 0, 5, 5}, {100, 50}), (ImageRect{}));
}

}  // namespace
}  // namespace immich::media
