#include "media/image/color/color_matrix.hpp"

#include <cstddef>

namespace immich::media {

Matrix3 Multiply(const Matrix3& a, const Matrix3& b) {
  Matrix3 out{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      for (size_t k = 0; k < 3; ++k) out[i][j] += a[i][k] * b[k][j];
    }
  }
  return out;
}

Matrix3 Inverse(const Matrix3& m) {
  const auto cofactor = [&m](size_t row, size_t column) {
    const size_t r1 = (row + 1) % 3;
    const size_t r2 = (row + 2) % 3;
    const size_t c1 = (column + 1) % 3;
    const size_t c2 = (column + 2) % 3;
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
  };
  const double determinant = m[0][0] * cofactor(0, 0) + m[0][1] * cofactor(0, 1) + m[0][2] * cofactor(0, 2);
  Matrix3 out{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) out[i][j] = cofactor(j, i) / determinant;
  }
  return out;
}

Chromaticities ChromaticitiesOf(int primaries) {
  constexpr double kWhiteX = 0.3127;
  constexpr double kWhiteY = 0.3290;
  switch (primaries) {
    case 9:
      return {0.708, 0.292, 0.170, 0.797, 0.131, 0.046, kWhiteX, kWhiteY};
    case 12:
      return {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, kWhiteX, kWhiteY};
    default:
      return {0.640, 0.330, 0.300, 0.600, 0.150, 0.060, kWhiteX, kWhiteY};
  }
}

Chromaticities ChromaticitiesOf(ColorProfile profile) {
  return ChromaticitiesOf(profile == ColorProfile::kDisplayP3 ? 12 : 1);
}

Matrix3 RgbToXyz(const Chromaticities& space) {
  const Matrix3 primaries = {
      {{space.red_x / space.red_y, space.green_x / space.green_y, space.blue_x / space.blue_y},
       {1, 1, 1},
       {(1 - space.red_x - space.red_y) / space.red_y, (1 - space.green_x - space.green_y) / space.green_y,
        (1 - space.blue_x - space.blue_y) / space.blue_y}}};
  const std::array<double, 3> white = {space.white_x / space.white_y, 1,
                                       (1 - space.white_x - space.white_y) / space.white_y};
  const Matrix3 inverse = Inverse(primaries);
  Matrix3 out{};
  for (size_t j = 0; j < 3; ++j) {
    double scale = 0;
    for (size_t k = 0; k < 3; ++k) scale += inverse[j][k] * white[k];
    for (size_t i = 0; i < 3; ++i) out[i][j] = primaries[i][j] * scale;
  }
  return out;
}

Matrix3 RgbToRgb(const Chromaticities& from, const Chromaticities& to) {
  return Multiply(Inverse(RgbToXyz(to)), RgbToXyz(from));
}

LumaWeights LumaWeightsOf(int matrix) {
  switch (matrix) {
    case 1:
      return {0.2126, 0.0722};
    case 7:
      return {0.212, 0.087};
    case 9:
    case 10:
      return {0.2627, 0.0593};
    default:
      return {0.299, 0.114};
  }
}

}  // namespace immich::media
