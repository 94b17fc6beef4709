#include "ml/imaging/image_warp.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

Point2 MeanOf(std::span<const Point2> points) {
  Point2 mean;
  for (const Point2& point : points) mean = {mean.x + point.x, mean.y + point.y};
  const auto count = static_cast<double>(points.size());
  return {mean.x / count, mean.y / count};
}

std::uint8_t ToByte(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

/// Black outside.
int SampleOr0(const RgbImage& image, int x, int y, int channel) {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return 0;
  return image.Row(y)[x * 3 + channel];
}

void BilinearAt(const RgbImage& image, Point2 at, std::uint8_t* out) {
  // Far outside: also keeps the conversion to int defined.
  if (!(at.x > -1 && at.y > -1 && at.x < image.width && at.y < image.height)) return;
  const int x = static_cast<int>(std::floor(at.x));
  const int y = static_cast<int>(std::floor(at.y));
  const double fx = at.x - x;
  const double fy = at.y - y;
  for (int c = 0; c < 3; ++c) {
    const double upper = SampleOr0(image, x, y, c) * (1 - fx) + SampleOr0(image, x + 1, y, c) * fx;
    const double lower = SampleOr0(image, x, y + 1, c) * (1 - fx) + SampleOr0(image, x + 1, y + 1, c) * fx;
    out[c] = ToByte(upper * (1 - fy) + lower * fy);
  }
}

std::array<double, 4> CubicWeights(double t) {
  constexpr double kA = -0.75;
  const double s = t + 1;
  const double r = 1 - t;
  std::array<double, 4> weights{((kA * s - 5 * kA) * s + 8 * kA) * s - 4 * kA, ((kA + 2) * t - (kA + 3)) * t * t + 1,
                                ((kA + 2) * r - (kA + 3)) * r * r + 1, 0};
  weights[3] = 1 - weights[0] - weights[1] - weights[2];
  return weights;
}

void BicubicAt(const RgbImage& image, Point2 at, std::uint8_t* out) {
  // The edge repeats: further out is the same everywhere.
  at.x = std::clamp(std::isfinite(at.x) ? at.x : 0.0, -2.0, image.width + 1.0);
  at.y = std::clamp(std::isfinite(at.y) ? at.y : 0.0, -2.0, image.height + 1.0);
  const int x = static_cast<int>(std::floor(at.x));
  const int y = static_cast<int>(std::floor(at.y));
  const auto across = CubicWeights(at.x - x);
  const auto down = CubicWeights(at.y - y);
  std::array<double, 3> sum{};
  for (int i = 0; i < 4; ++i) {
    const std::uint8_t* row = image.Row(std::clamp(y - 1 + i, 0, image.height - 1));
    for (int j = 0; j < 4; ++j) {
      const std::uint8_t* pixel = row + std::clamp(x - 1 + j, 0, image.width - 1) * 3;
      const double weight = down[static_cast<std::size_t>(i)] * across[static_cast<std::size_t>(j)];
      for (std::size_t c = 0; c < 3; ++c) sum[c] += weight * pixel[c];
    }
  }
  for (std::size_t c = 0; c < 3; ++c) out[c] = ToByte(sum[c]);
}

using LinearSystem = std::array<std::array<double, 9>, 8>;

/// Gaussian elimination with partial pivoting; the last column is the right side and becomes the solution.
void Solve(LinearSystem& rows) {
  for (std::size_t column = 0; column < 8; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < 8; ++row) {
      if (std::abs(rows[row][column]) > std::abs(rows[pivot][column])) pivot = row;
    }
    if (std::abs(rows[pivot][column]) < 1e-12) throw BadRequest("The corners of a text box are on one line");
    std::swap(rows[pivot], rows[column]);
    for (std::size_t row = 0; row < 8; ++row) {
      if (row == column) continue;
      const double factor = rows[row][column] / rows[column][column];
      for (std::size_t i = column; i < 9; ++i) rows[row][i] -= factor * rows[column][i];
    }
  }
  for (std::size_t row = 0; row < 8; ++row) rows[row][8] /= rows[row][row];
}

}  // namespace

AffineMap EstimateSimilarity(std::span<const Point2> from, std::span<const Point2> to) {
  const Point2 from_mean = MeanOf(from);
  const Point2 to_mean = MeanOf(to);
  // In two dimensions the optimum without reflection is a complex number: the sum of conj(from) * to over |from|².
  double real = 0;
  double imaginary = 0;
  double norm = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Point2 a{from[i].x - from_mean.x, from[i].y - from_mean.y};
    const Point2 b{to[i].x - to_mean.x, to[i].y - to_mean.y};
    real += a.x * b.x + a.y * b.y;
    imaginary += a.x * b.y - a.y * b.x;
    norm += a.x * a.x + a.y * a.y;
  }
  if (norm == 0) return {0, 0, to_mean.x, 0, 0, to_mean.y};
  real /= norm;
  imaginary /= norm;
  return {real,      -imaginary, to_mean.x - real * from_mean.x + imaginary * from_mean.y,
          imaginary, real,       to_mean.y - imaginary * from_mean.x - real * from_mean.y};
}

AffineMap Invert(const AffineMap& map) {
  const double determinant = map[0] * map[4] - map[1] * map[3];
  const double a = map[4] / determinant;
  const double b = -map[1] / determinant;
  const double c = -map[3] / determinant;
  const double d = map[0] / determinant;
  return {a, b, -(a * map[2] + b * map[5]), c, d, -(c * map[2] + d * map[5])};
}

Point2 Apply(const AffineMap& map, Point2 point) {
  return {map[0] * point.x + map[1] * point.y + map[2], map[3] * point.x + map[4] * point.y + map[5]};
}

PerspectiveMap EstimatePerspective(std::span<const Point2, 4> from, std::span<const Point2, 4> to) {
  LinearSystem rows{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto [x, y] = from[i];
    const auto [u, v] = to[i];
    rows[2 * i] = {x, y, 1, 0, 0, 0, -x * u, -y * u, u};
    rows[2 * i + 1] = {0, 0, 0, x, y, 1, -x * v, -y * v, v};
  }
  Solve(rows);
  PerspectiveMap map{};
  for (std::size_t i = 0; i < 8; ++i) map[i] = rows[i][8];
  map[8] = 1;
  return map;
}

RgbImage WarpAffine(const RgbImage& source, const AffineMap& to_source, int width, int height) {
  RgbImage out = RgbImage::Make(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Point2 at = Apply(to_source, {static_cast<double>(x), static_cast<double>(y)});
      BilinearAt(source, at, out.Row(y) + x * 3);
    }
  }
  return out;
}

RgbImage WarpPerspective(const RgbImage& source, const PerspectiveMap& map, int width, int height) {
  RgbImage out = RgbImage::Make(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double w = map[6] * x + map[7] * y + map[8];
      const Point2 at{(map[0] * x + map[1] * y + map[2]) / w, (map[3] * x + map[4] * y + map[5]) / w};
      BicubicAt(source, at, out.Row(y) + x * 3);
    }
  }
  return out;
}

RgbImage RotateLeft(const RgbImage& source) {
  RgbImage out = RgbImage::Make(source.height, source.width);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      std::copy_n(source.Row(x) + (source.width - 1 - y) * 3, 3, out.Row(y) + x * 3);
    }
  }
  return out;
}

}  // namespace immich::ml
