#include "ml/imaging/image_warp.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

/// The published form of Umeyama's estimate for two dimensions: covariance, its singular vectors by angle, scale from
/// the variances. A second way to the same map.
AffineMap PublishedSimilarity(const std::vector<Point2>& from, const std::vector<Point2>& to) {
  const auto n = static_cast<double>(from.size());
  Point2 mu_from, mu_to;
  for (std::size_t i = 0; i < from.size(); ++i) {
    mu_from = {mu_from.x + from[i].x / n, mu_from.y + from[i].y / n};
    mu_to = {mu_to.x + to[i].x / n, mu_to.y + to[i].y / n};
  }
  double cov[2][2] = {};
  double variance = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double f[2] = {from[i].x - mu_from.x, from[i].y - mu_from.y};
    const double t[2] = {to[i].x - mu_to.x, to[i].y - mu_to.y};
    variance += (f[0] * f[0] + f[1] * f[1]) / n;
    for (int r = 0; r < 2; ++r) {
      for (int c = 0; c < 2; ++c) cov[r][c] += t[r] * f[c] / n;
    }
  }
  // R of the polar decomposition; trace(D S) is the trace of Rᵀ Σ.
  const double angle = std::atan2(cov[1][0] - cov[0][1], cov[0][0] + cov[1][1]);
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  const double trace = cosine * (cov[0][0] + cov[1][1]) + sine * (cov[1][0] - cov[0][1]);
  const double scale = trace / variance;
  const double a = scale * cosine;
  const double b = scale * sine;
  return {a, -b, mu_to.x - a * mu_from.x + b * mu_from.y, b, a, mu_to.y - b * mu_from.x - a * mu_from.y};
}

const std::vector<Point2> kTemplate{
    {38.2946, 51.6963}, {73.5318, 51.5014}, {56.0252, 71.7366}, {41.5493, 92.3655}, {70.7299, 92.2041}};

TEST(Similarity, AgreesWithThePublishedFormula) {
  const std::vector<std::vector<Point2>> faces{
      {{310, 220}, {402, 214}, {360, 270}, {322, 325}, {398, 320}},
      {{90, 400}, {120, 310}, {150, 370}, {200, 420}, {215, 350}},
      {{1000.5, 800.25}, {1010, 799}, {1005, 806}, {1001, 811}, {1009, 811}},
  };
  for (const auto& face : faces) {
    const AffineMap made = EstimateSimilarity(face, kTemplate);
    const AffineMap expected = PublishedSimilarity(face, kTemplate);
    for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], expected[i], 1e-8);
  }
}

TEST(Similarity, FindsAMapExactly) {
  const AffineMap truth{0.6, -0.8, 12, 0.8, 0.6, -7};
  std::vector<Point2> from;
  for (const Point2& point : kTemplate) from.push_back(Apply(Invert(truth), point));
  const AffineMap made = EstimateSimilarity(from, kTemplate);
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], truth[i], 1e-9);
}

TEST(Similarity, SurvivesEqualPoints) {
  const std::vector<Point2> from(5, Point2{3, 4});
  EXPECT_EQ(EstimateSimilarity(from, kTemplate)[0], 0);
}

TEST(Perspective, TakesCornersToCorners) {
  const std::array<Point2, 4> from{Point2{0, 0}, {200, 0}, {200, 48}, {0, 48}};
  const std::array<Point2, 4> to{Point2{10, 20}, {180, 40}, {190, 95}, {5, 70}};
  const PerspectiveMap map = EstimatePerspective(from, to);
  for (std::size_t i = 0; i < 4; ++i) {
    const double w = map[6] * from[i].x + map[7] * from[i].y + map[8];
    EXPECT_NEAR((map[0] * from[i].x + map[1] * from[i].y + map[2]) / w, to[i].x, 1e-6);
    EXPECT_NEAR((map[3] * from[i].x + map[4] * from[i].y + map[5]) / w, to[i].y, 1e-6);
  }
  const std::array<Point2, 4> line{Point2{0, 0}, {1, 1}, {2, 2}, {3, 3}};
  EXPECT_THROW(EstimatePerspective(line, from), BadRequest);
}

RgbImage Numbered(int width, int height) {
  RgbImage image = RgbImage::Make(width, height);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 7 + 1);
  return image;
}

TEST(Warp, TheIdentityChangesNothing) {
  const RgbImage image = Numbered(13, 9);
  EXPECT_EQ(WarpAffine(image, {1, 0, 0, 0, 1, 0}, 13, 9).pixels, image.pixels);
  EXPECT_EQ(WarpPerspective(image, {1, 0, 0, 0, 1, 0, 0, 0, 1}, 13, 9).pixels, image.pixels);
}

TEST(Warp, OutsideIsBlackOrTheEdge) {
  const RgbImage image = Numbered(4, 4);
  EXPECT_EQ(WarpAffine(image, {1, 0, 100, 0, 1, 100}, 2, 2).pixels, std::vector<std::uint8_t>(12, 0));
  const RgbImage edge = WarpPerspective(image, {1, 0, 100, 0, 1, 100, 0, 0, 1}, 1, 1);
  for (int c = 0; c < 3; ++c) EXPECT_EQ(edge.Row(0)[c], image.Row(3)[9 + c]);
  const double huge = 1e300;
  EXPECT_EQ(WarpAffine(image, {huge, huge, huge, huge, huge, huge}, 2, 2).pixels, std::vector<std::uint8_t>(12, 0));
}

TEST(Warp, AQuarterTurnLeft) {
  const RgbImage image = Numbered(3, 2);
  const RgbImage turned = RotateLeft(image);
  ASSERT_EQ(turned.width, 2);
  ASSERT_EQ(turned.height, 3);
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) EXPECT_EQ(turned.Row(2 - x)[y * 3], image.Row(y)[x * 3]);
  }
}

}  // namespace
}  // namespace immich::ml
